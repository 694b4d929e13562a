"""Files in chunks: together they are the file, and what several files hold is one object."""

from __future__ import annotations

import io
import pickle

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.doors.chunks import Shared

FONT, OTHER = bytes(range(256)) * 40, bytes(range(255, -1, -1)) * 40
BEGIN, END = b">>\nstream\n", b"endstream"


@pytest.mark.parametrize(
    ("file", "sizes"),
    [
        (b"", [0]),
        (b"no stream", [9]),
        (BEGIN + b"short" + END, [10 + 5 + 9]),
        (b"<<" + BEGIN + FONT + END + b" tail", [12, 10_240, 14]),
        (BEGIN + FONT + END + BEGIN + OTHER + END, [10, 10_240, 19, 10_240, 9]),
        (b"cut off" + BEGIN + FONT, [17 + 10_240]),
    ],
)
def test_where_it_is_cut(file: bytes, sizes: list[int]) -> None:
    assert [len(one) for one in Shared().chunks(file)] == sizes


@given(st.lists(st.sampled_from([BEGIN, END, FONT, OTHER, b"stream\n", b"\n", b"1 0 obj <<"]), max_size=12))
def test_chunks_are_the_file(parts: list[bytes]) -> None:
    file = b"".join(parts)
    assert (b"".join(Shared().chunks(file)) == file) is True  # no megabytes in a message


def pdf_with(font: bytes, title: str) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.Font = document.make_stream(font)
        document.docinfo["/Title"] = title
        document.save(buffer, compress_streams=False)
    return buffer.getvalue()


def test_a_font_of_many_files_is_kept_and_sent_once() -> None:
    shared = Shared()
    files = [pdf_with(FONT, str(number)) for number in range(50)]
    chunked = [shared.chunks(file) for file in files]
    sent = pickle.dumps(chunked)
    assert [b"".join(chunks) for chunks in pickle.loads(sent)] == files  # noqa: S301 - our own
    assert len(sent) < 50 * (len(files[0]) - len(FONT)) + 2 * len(FONT)
    assert len({id(chunk) for chunks in chunked for chunk in chunks if len(chunk) > len(FONT) // 2}) == 1
