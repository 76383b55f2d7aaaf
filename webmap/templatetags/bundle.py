"""{% bundle "home" %}: the style and script elements of an entry of the client's build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.templatetags.static import static
from django.utils.html import format_html_join

from webmap.bundle import entry

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def bundle(name: str) -> SafeString:
    """Return the elements that load entry `name`; all of them from our own server."""
    files = entry(name)
    styles = format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((static(path),) for path in files.styles)
    )
    script = format_html_join(
        "\n", '<script type="module" src="{}"></script>', [(static(files.script),)]
    )
    return styles + script
