"""The help articles: one for each requirement, and for what people get stuck on beside them.

Facts: Arbeidstilsynet's guidance on HSE cards, section 3, and the registers' own pages.
"""

from hmskort.pages.articles import company, person

ARTICLES = {article.slug: article for article in (*company.ARTICLES, *person.ARTICLES)}
