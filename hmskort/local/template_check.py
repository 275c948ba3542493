"""Every template compiles. Run inside the environment: `python -m hmskort.local.template_check`."""

import sys

import django
from django.template import TemplateSyntaxError
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs

from hmskort.local.places import ROOT, VENV


def broken_templates() -> list[str]:
    """A line for each template that does not compile."""
    lines = []
    for folder in (ROOT / "templates", *get_app_template_dirs("templates")):
        ours = folder.is_relative_to(ROOT) and not folder.is_relative_to(VENV)
        files = folder.rglob("*") if ours else ()
        for file in sorted(file for file in files if file.suffix in {".html", ".txt", ".xml"}):
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
