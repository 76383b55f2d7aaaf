"""Ways to spoil an answer. A damage that finds nothing to spoil raises LookupError."""

from __future__ import annotations

import copy
import io
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lxml import etree
from PIL import Image, ImageOps

from tests.conformance.answers import NAMESPACES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.answers import Answer, Answers


@dataclass(frozen=True)
class Damage:
    """A spoiling of one of the answers; `at` counts from the end like an index."""

    name: str
    spoil: Callable[[Answer], Answer]
    at: int = -1

    def applied(self, answers: Answers) -> Answers:
        """Return the answers with one spoilt. Raises LookupError when nothing changed."""
        spoilt = list(answers)
        spoilt[self.at] = self.spoil(answers[self.at])
        if spoilt[self.at] == answers[self.at]:
            raise LookupError(f"{self.name} changes nothing")
        return tuple(spoilt)


def first(damage: Damage) -> Damage:
    """Return the damage done to the first answer."""
    return replace(damage, at=0)


def retyped(media: str) -> Damage:
    """Send it as another media type."""
    return Damage(
        f"sent as {media}", lambda a: replace(a, headers={**a.headers, "content-type": media})
    )


def refused(status: int = 500) -> Damage:
    """Send it with another status."""
    return Damage(f"status {status}", lambda a: replace(a, status=status))


def emptied() -> Damage:
    """Send nothing."""
    return Damage("empty", lambda a: replace(a, content=b""))


def rewritten(old: str, new: str) -> Damage:
    """Replace text wherever it stands."""

    def spoil(answer: Answer) -> Answer:
        if old.encode() not in answer.content:
            raise LookupError(old)
        return replace(answer, content=answer.content.replace(old.encode(), new.encode()))

    return Damage(f"{old!r} is {new!r}", spoil)


def replaced(content: str) -> Damage:
    """Send another body."""
    return Damage(f"body {content[:30]!r}", lambda a: replace(a, content=content.encode()))


def _in_tree(name: str, path: str, change: Callable[[Any], None]) -> Damage:
    def spoil(answer: Answer) -> Answer:
        root = copy.deepcopy(answer.xml)
        found = root.xpath(path, namespaces=NAMESPACES)
        if not found:
            raise LookupError(path)
        change(found[0])
        return answer.with_xml(root)

    return Damage(name, spoil)


def dropped(path: str) -> Damage:
    """Take out the first element that an XPath finds."""
    return _in_tree(f"without {path}", path, lambda e: e.getparent().remove(e))


def dropped_all(path: str) -> Damage:
    """Take out all elements that an XPath finds."""

    def spoil(answer: Answer) -> Answer:
        root = copy.deepcopy(answer.xml)
        found = root.xpath(path, namespaces=NAMESPACES)
        if not found:
            raise LookupError(path)
        for element in found:
            element.getparent().remove(element)
        return answer.with_xml(root)

    return Damage(f"without any {path}", spoil)


def put(path: str, text: str) -> Damage:
    """Give the first element found another text."""

    def change(element: Any) -> None:
        element.text = text

    return _in_tree(f"{path} says {text!r}", path, change)


def marked(path: str, name: str, value: str | None) -> Damage:
    """Give the first element found another attribute, or take it away."""
    prefix, colon, local = name.partition(":")
    full = f"{{{NAMESPACES[prefix]}}}{local}" if colon else name

    def change(element: Any) -> None:
        if value is None:
            del element.attrib[full]
        else:
            element.set(full, value)

    return _in_tree(f"{path}@{name} is {value}", path, change)


def doubled(path: str) -> Damage:
    """Let the first element found stand twice."""
    return _in_tree(f"{path} twice", path, lambda e: e.addnext(copy.deepcopy(e)))


def added(path: str, fragment: str) -> Damage:
    """Add an element, in the namespaces of the tests, at the end of the first one found."""

    def change(element: Any) -> None:
        names = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in NAMESPACES.items())
        element.append(etree.fromstring(f"<x {names}>{fragment}</x>")[0])

    return _in_tree(f"{path} with {fragment[:40]}", path, change)


def renamed(path: str, name: str) -> Damage:
    """Give the first element found another name in its namespace."""

    def change(element: Any) -> None:
        element.tag = etree.QName(etree.QName(element).namespace, name)

    return _in_tree(f"{path} named {name}", path, change)


def _picture(name: str, change: Callable[[Image.Image], Image.Image]) -> Damage:
    def spoil(answer: Answer) -> Answer:
        before = answer.picture
        out = io.BytesIO()
        after = change(before)
        kind = before.format or "PNG"
        (after.convert("RGB") if kind == "JPEG" else after).save(out, kind)
        return replace(answer, content=out.getvalue())

    return Damage(name, spoil)


def resized() -> Damage:
    """Make the picture one column wider."""
    return _picture("a column wider", lambda p: p.resize((p.width + 1, p.height)))


def reversed_colours() -> Damage:
    """Turn light to dark, and keep what was transparent."""

    def change(picture: Image.Image) -> Image.Image:
        red, green, blue, opacity = picture.convert("RGBA").split()
        turned = ImageOps.invert(Image.merge("RGB", (red, green, blue)))
        return Image.merge("RGBA", (*turned.split(), opacity))

    return _picture("colours reversed", change)


def turned() -> Damage:
    """Turn the picture by a quarter and back to its size, as swapped axes do."""
    return _picture("turned", lambda p: p.transpose(Image.Transpose.ROTATE_90).resize(p.size))


def mirrored() -> Damage:
    """Let left and right change places."""
    return _picture("mirrored", lambda p: p.transpose(Image.Transpose.FLIP_LEFT_RIGHT))


def half_dark() -> Damage:
    """Darken the left half."""

    def change(picture: Image.Image) -> Image.Image:
        spoilt = picture.convert("RGBA")
        spoilt.paste((9, 9, 9, 255), (0, 0, picture.width // 2 or 1, picture.height))
        return spoilt

    return _picture("half of it dark", change)


def painted(colour: tuple[int, int, int, int]) -> Damage:
    """Cover all with one colour (red, green, blue, opacity)."""
    return _picture(f"all {colour}", lambda p: Image.new("RGBA", p.size, colour))


def turned_to(kind: str) -> Damage:
    """Send the picture in another file format under the same name."""

    def spoil(answer: Answer) -> Answer:
        out = io.BytesIO()
        answer.picture.convert("RGB").save(out, kind)
        return replace(answer, content=out.getvalue())

    return Damage(f"a {kind}", spoil)


def cut_short() -> Damage:
    """Send the first half."""
    return Damage("cut short", lambda a: replace(a, content=a.content[: len(a.content) // 2]))


def json_changed(name: str, change: Callable[[Any], None]) -> Damage:
    """Change a JSON document in place."""

    def spoil(answer: Answer) -> Answer:
        value = json.loads(answer.content)
        change(value)
        return replace(answer, content=json.dumps(value).encode())

    return Damage(name, spoil)
