"""Every template compiles. Run inside the environment: `python -m hmskort.local.template_check`."""

import sys

import django
from django.conf import settings
from django.template import TemplateSyntaxError
from django.template.loader import get_template

from hmskort.local.places import ROOT


def broken_templates() -> list[str]:
    """A line for each template that does not compile."""
    lines = []
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for file in sorted(p for p in folder.rglob("*") if p.suffix in {".html", ".txt", ".xml"}):
            try:
                get_template(str(file.relative_to(folder)))
            except TemplateSyntaxError as error:
                lines.append(f"{file.relative_to(ROOT)}: {error}")
    return lines


if __name__ == "__main__":
    django.setup()
    broken = broken_templates()
    print("\n".join(broken))
    sys.exit(1 if broken else 0)
