"""Findings about page codes and signature fields."""

from __future__ import annotations

from pipeline.model.entries import Entry, error, note, result, warning

IDENTITY: dict[str, Entry] = {
    "convert.frame": warning(
        "A signature box has no frame on the page: nobody can tell later whether it was signed.",
        "In the template, give the table cell around 서명칸 borders on all four sides.",
    ),
    "convert.room": result(
        "Something stands on page {page} where the page codes belong.",
        "Keep the lower left corner (22.5 mm) and the upper right one (18.5 mm) of every page free in the template.",
    ),
    "template.room": error(
        "The margins leave no room for the page codes: left {left}, right {right}, top {top}, bottom {bottom} mm.",
        "In Word (Layout, Margins) set left or bottom to 22.5 mm or more, and right or top to 18.5 mm or more.",
    ),
    "template.unsigned": note(
        "Papers of this kind are signed, but the template has no signature box: what comes back cannot be judged.",
        "Put the field of the signer with the filter 서명칸 into a framed cell, as the template author's guide shows.",
    ),
}
