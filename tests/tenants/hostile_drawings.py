"""Drawings (SVG) that try to act, to load, to expand or to last for ever: made here as data."""

from collections.abc import Iterator

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 50">'
SHAPE = '<rect width="100" height="50" fill="#c03"/>'


def around(inside: str) -> bytes:
    return f"{HEAD}{SHAPE}{inside}</svg>".encode()


def refused(trap: str) -> Iterator[tuple[str, bytes]]:
    """Must never be drawn. ``trap`` is an address that notices who asks, ``http://127.0.0.1:1234``."""
    yield from _acting()
    yield from _loading(trap)
    yield from _expanding(trap)
    yield from _endless()
    yield from _broken()


def _acting() -> Iterator[tuple[str, bytes]]:
    yield "script", around("<script>alert(1)</script>")
    yield "script in CDATA", around("<script><![CDATA[alert(1)]]></script>")
    yield "script of another name space", around('<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>')
    yield "script in capitals", around("<SCRIPT>alert(1)</SCRIPT>")
    yield "script from elsewhere", around('<script xlink:href="data:text/javascript,alert(1)"/>')
    yield "onload at the root", HEAD.replace("<svg ", '<svg onload="alert(1)" ').encode() + b"</svg>"
    yield "onclick", around('<rect onclick="alert(1)" width="9" height="9"/>')
    yield "onbegin", around('<g onbegin="alert(1)"/>')
    yield "oNmOuSeOvEr", around('<g oNmOuSeOvEr="alert(1)"/>')
    yield "handler", around('<handler xmlns="http://www.w3.org/2000/svg" type="text/javascript">alert(1)</handler>')
    yield "link", around('<a xlink:href="https://evil.test/"><rect width="9" height="9"/></a>')
    yield "link that acts", around('<a xlink:href="javascript:alert(1)"><rect width="9" height="9"/></a>')
    yield "page inside", around('<foreignObject><body xmlns="http://www.w3.org/1999/xhtml">x</body></foreignObject>')
    yield (
        "frame inside",
        around('<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="/"/></foreignObject>'),
    )
    yield "iframe", around('<iframe src="https://evil.test/"/>')
    yield "object", around('<object data="https://evil.test/"/>')
    yield "embed", around('<embed src="https://evil.test/"/>')
    yield "expression", around('<rect style="width:expression(alert(1))"/>')
    yield "behaviour", around('<rect style="behavior:url(#default#time2)"/>')
    yield "binding", around('<rect style="-moz-binding:url(https://evil.test/x.xml#x)"/>')
    yield "escaped style", around('<rect style="background:\\75rl(https://evil.test/)"/>')


def _loading(trap: str) -> Iterator[tuple[str, bytes]]:
    yield "picture from elsewhere", around(f'<image xlink:href="{trap}/a.png" width="9" height="9"/>')
    yield "picture of the disk", around('<image href="file:///etc/passwd" width="9" height="9"/>')
    yield "picture of a path", around('<image href="/etc/passwd" width="9" height="9"/>')
    yield "picture inside", around('<image href="data:image/png;base64,iVBORw0KGgo=" width="9" height="9"/>')
    yield "drawing inside", around('<image href="data:image/svg+xml,%3Csvg/%3E" width="9" height="9"/>')
    yield "filter's picture", around(f'<filter id="f"><feImage href="{trap}/a.png"/></filter>')
    yield "use from elsewhere", around(f'<use href="{trap}/a.svg#x"/>')
    yield "use of the disk", around('<use xlink:href="file:///etc/passwd#x"/>')
    yield "use of data", around('<use href="data:image/svg+xml,%3Csvg/%3E#x"/>')
    yield "fill from elsewhere", around(f'<rect fill="url({trap}/a.svg#x)" width="9" height="9"/>')
    yield "fill with quotes", around(f"<rect fill=\"url('{trap}/a.svg#x')\" width='9' height='9'/>")
    yield "mask from elsewhere", around(f'<rect mask="url({trap}/a.svg#x)" width="9" height="9"/>')
    yield "clip from elsewhere", around(f'<rect clip-path="url({trap}/a.svg#x)" width="9" height="9"/>')
    yield "filter from elsewhere", around(f'<rect filter="url({trap}/a.svg#x)" width="9" height="9"/>')
    yield "style that imports", around(f'<style>@import url("{trap}/a.css");</style>')
    yield "style with a font", around(f'<style>@font-face{{font-family:x;src:url("{trap}/a.woff")}}</style>')
    yield "style in two sections", around(f"<style>.a{{fill:ur<![CDATA[l({trap}/a.svg#b)]]>}}</style>")
    yield "style cut by a comment", around(f"<style>.a{{fill:ur<!-- -->l({trap}/a.svg#b)}}</style>")
    yield "style cut by a title", around(f"<style>.a{{fill:ur<title>x</title>l({trap}/a.svg#b)}}</style>")
    yield "style written in numbers", around(f"<style>.a{{fill:ur&#108;({trap}/a.svg#b)}}</style>")
    yield "style that holds a shape", around("<style>.a{fill:red}<g/></style>")
    yield "style with a ground", around(f"<style>.a{{fill:url({trap}/a.svg#b)}}</style>")
    yield "style in CDATA", around(f'<style><![CDATA[@import "{trap}/a.css";]]></style>')
    yield "style sheet by instruction", f'<?xml-stylesheet href="{trap}/a.css"?>{HEAD}{SHAPE}</svg>'.encode()
    yield "XSLT by instruction", f'<?xml-stylesheet type="text/xsl" href="{trap}/a.xsl"?>{HEAD}</svg>'.encode()
    yield "video", around(f'<video xlink:href="{trap}/a.mp4"/>')
    yield "sound", around(f'<audio xlink:href="{trap}/a.mp3"/>')
    yield "gradient from elsewhere", around(f'<linearGradient id="a" href="{trap}/a.svg#b"/>')
    yield "src", around(f'<rect src="{trap}/a.png"/>')


def _expanding(trap: str) -> Iterator[tuple[str, bytes]]:
    laughs = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
    body = f"{HEAD}<desc>&l9;</desc></svg>"
    yield "thousand million laughs", f'<!DOCTYPE svg [<!ENTITY l0 "ha">{laughs}]>{body}'.encode()
    blow = "A" * 50_000
    yield "one long entity, often", f'<!DOCTYPE svg [<!ENTITY a "{blow}">]>{HEAD}{"&a;" * 1_000}</svg>'.encode()
    yield "entity of the disk", f'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>{HEAD}&a;</svg>'.encode()
    yield "entity from elsewhere", f'<!DOCTYPE svg [<!ENTITY a SYSTEM "{trap}/a">]>{HEAD}&a;</svg>'.encode()
    yield "parameter entity", f'<!DOCTYPE svg [<!ENTITY % a SYSTEM "{trap}/a.dtd">%a;]>{HEAD}</svg>'.encode()
    yield "document type from elsewhere", f'<!DOCTYPE svg SYSTEM "{trap}/a.dtd">{HEAD}</svg>'.encode()
    yield "document type of the disk", f'<!DOCTYPE svg SYSTEM "file:///etc/passwd">{HEAD}</svg>'.encode()
    yield "entity that is itself", f'<!DOCTYPE svg [<!ENTITY a "&a;">]>{HEAD}&a;</svg>'.encode()
    yield "inclusion", around(f'<rect/><use href="{trap}/x"/><xi:include xmlns:xi="http://www.w3.org/2001/XInclude"/>')


def _endless() -> Iterator[tuple[str, bytes]]:
    doubling = "".join(f'<g id="a{at}">{f"<use href=&quot;#a{at - 1}&quot;/>" * 2}</g>' for at in range(1, 40))
    doubling = doubling.replace("&quot;", '"')
    yield "use of use of use", around(f'<defs><g id="a0">{SHAPE}</g>{doubling}</defs><use href="#a39"/>')
    yield "too many uses", around('<use href="#a"/>' * 300)
    yield "too many shapes", around("<g/>" * 6_000)
    yield "too deep", around("<g>" * 60 + "</g>" * 60)
    yield "too deep in what is left out", around("<desc>" * 60 + "</desc>" * 60)
    yield "600 kB", around(f"<desc>{'a' * 600_000}</desc>")
    yield "a path without end", around(f'<path d="M0 0{"l1 1" * 60_000}"/>')


def _broken() -> Iterator[tuple[str, bytes]]:
    yield "not closed", HEAD.encode()
    yield "closed twice", around("</svg>")
    yield "no size", b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>'
    yield "no size but percent", b'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%"/>'
    yield "size of nothing", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 0"/>'
    yield "size below nothing", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 -9 -9"/>'
    yield "size without end", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e9 1e9"/>'
    yield "size that is no number", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 NaN Infinity"/>'
    yield "a hair", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100000 1"/>'
    yield "another name space", b'<svg xmlns="http://evil.test/" viewBox="0 0 9 9"/>'
    yield "no name space", b'<svg viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    yield "letters without outlines", around("<text>logo</text>")
    yield "UTF-16", f'<?xml version="1.0" encoding="UTF-16"?>{HEAD}</svg>'.encode("utf-16-le")
    yield "bytes that are no text", HEAD.encode() + b"\xff\xfe\xfd</svg>"
    yield "only an instruction", b'<?xml version="1.0"?>'
    yield "a page", b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>'
