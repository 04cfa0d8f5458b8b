"""The finisher: what makes a laid-out PDF a standard one, done on the finished file.

The layout engine writes PDF/A or PDF/UA, never both in one file. A tagged PDF/A with the
identification of PDF/UA-1 (ISO 14289-1, 5) described in its one metadata packet, with the extension
schema that PDF/A asks for then (ISO 19005-2, 6.6.2.3), and with its title shown (7.1), is both. The
file identifier is made from the content, so that the same content gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .inks import settled
from .structure import mend
from .tables import join_tables

__all__ = ["Finish", "dress", "finish"]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_PDFUA = f"""<rdf:Description xmlns:rdf="{_RDF}" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 rdf:about=""><pdfuaid:part>1</pdfuaid:part></rdf:Description>"""
_EXTENSION = f"""<rdf:Description xmlns:rdf="{_RDF}" rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


@dataclass(frozen=True, slots=True)
class Finish:
    """What the file shall be: `accessible` (PDF/UA-1), `archival` (PDF/A), for the `press` (PDF/X), its
    `bleed` in points, the `producer` it names."""

    accessible: bool = True
    archival: bool = True
    press: bool = False
    bleed: float = 0.0
    producer: str = ""


def finish(draft: Path, target: Path, wish: Finish) -> None:
    """Write the finished `target` from the engine's `draft`.

    Raises pikepdf.PdfError for a draft that is no PDF.
    """
    import pikepdf

    with pikepdf.open(draft) as pdf:
        if "/Table" in mend(pdf):
            join_tables(pdf)
        pdf.remove_unreferenced_resources()
        dress(pdf, target, wish)


def dress(pdf: Any, target: Path, wish: Finish) -> None:
    """Write the finished `target` of an open pikepdf document whose structure is in order."""
    import pikepdf

    root = pdf.Root
    root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    if "/Outlines" in root:
        root.PageMode = pikepdf.Name.UseOutlines
    if wish.press:
        settled(pdf)
    if wish.bleed:
        _bleed(pdf, wish.bleed)
    if "/Metadata" in root:
        packet = _described(root.Metadata.read_bytes(), wish)
        root.Metadata = pdf.make_stream(packet, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    pdf.docinfo["/Producer"] = wish.producer
    pdf.save(
        target,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
    )


def _bleed(pdf: Any, bleed: float) -> None:
    """Let the bleed reach as far as was asked for; the crop marks stand outside it."""
    for page in pdf.pages:
        left, bottom, right, top = (float(side) for side in page.TrimBox)
        page.BleedBox = [left - bleed, bottom - bleed, right + bleed, top + bleed]


def _described(packet: bytes, wish: Finish) -> bytes:
    """Return the XMP packet with the descriptions added inside its one rdf:RDF."""
    from lxml import etree

    start, end = packet.index(b"<x:xmpmeta"), packet.rindex(b"</x:xmpmeta>") + len(b"</x:xmpmeta>")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    tree = etree.fromstring(packet[start:end], parser)
    rdf = tree.find(f"{{{_RDF}}}RDF")
    if rdf is None:
        raise ValueError("the engine wrote metadata without rdf:RDF")
    part = "{http://www.aiim.org/pdfua/ns/id/}part"
    named = any(part in node.attrib or node.find(part) is not None for node in rdf)
    if wish.accessible and not named:
        rdf.append(etree.fromstring(_PDFUA, parser))
    if wish.accessible and wish.archival:
        rdf.append(etree.fromstring(_EXTENSION, parser))
    _name_producer(rdf, wish.producer)
    body = etree.tostring(tree, encoding="utf-8", pretty_print=True)
    return b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n' + body + b'<?xpacket end="r"?>'


def _name_producer(rdf: Any, producer: str) -> None:
    key = "{http://ns.adobe.com/pdf/1.3/}Producer"
    for node in rdf:
        if key in node.attrib:
            node.attrib[key] = producer
