"""All rows of the benchmark, in the order in which they are measured. `goal` is the ratio that is aimed at."""

from __future__ import annotations

from tools.bench import commands, pdfs, rebuilds, rolls, scans, tables, volumes, words
from tools.bench.measure import Comparison

_DOCUMENT = "ms a document"

ROWS = (
    Comparison(
        "word_vs_docxtpl", "agreements as Word files", "docxtpl in a loop", _DOCUMENT, 50, words.against_docxtpl
    ),
    Comparison(
        "word_vs_docxtpl_all_cores",
        "agreements as Word files, all cores",
        "docxtpl in a loop",
        _DOCUMENT,
        50,
        words.against_docxtpl_all_cores,
    ),
    Comparison(
        "word_vs_floor", "agreements as Word files", "deflating, writing the bytes", _DOCUMENT, 0.5, words.against_floor
    ),
    Comparison(
        "pdf_vs_soffice", "agreements to PDF, one core", "soffice --convert-to pdf", _DOCUMENT, 5, pdfs.against_soffice
    ),
    Comparison(
        "pdf_vs_soffice_all_cores",
        "agreements to PDF, all cores",
        "soffice --convert-to pdf",
        _DOCUMENT,
        5,
        pdfs.against_soffice_all_cores,
    ),
    Comparison(
        "nation_vs_soffice",
        "agreements as Word and PDF, the whole command, all cores",
        "soffice --convert-to pdf",
        _DOCUMENT,
        5,
        commands.nation_against_soffice,
    ),
    Comparison("pdf_vs_unoserver", "agreements to PDF, one core", "unoserver", _DOCUMENT, 5, pdfs.against_unoserver),
    Comparison(
        "pdf_vs_one_document",
        "pages to PDF, one core",
        "LibreOffice, one document",
        "ms a page",
        1 / 1.2,
        pdfs.against_one_document,
    ),
    Comparison("rebuild_none", "agreements, nothing changed", "making them all", "s", 100, rebuilds.nothing_changed),
    Comparison(
        "rebuild_one", "agreements, one answer changed", "making them all", "s", 100, rebuilds.one_answer_changed
    ),
    Comparison(
        "roll_growth",
        "signers, national and regional rolls, Word and PDF",
        "a tenth of them",
        "ms a signer",
        10 / 11,
        rolls.many_against_few,
    ),
    Comparison(
        "volume_time_vs_pypdf", "papers in a volume", "pypdf, pages in a row", "s", 5, volumes.time_against_pypdf
    ),
    Comparison(
        "volume_size_vs_pypdf", "papers in a volume", "pypdf, pages in a row", "MB", 5, volumes.size_against_pypdf
    ),
    Comparison("volume_peak_memory", "papers in a volume", "a gigabyte", "MB", 1, volumes.memory_against_a_gigabyte),
    Comparison(
        "scan_pages_per_second",
        "scanned pages, 200 dpi colour, read, matched, judged",
        "4 pages a second a core",
        "ms a page and core",
        1,
        scans.pages_per_second,
    ),
    Comparison("workers_2_vs_1", "agreements, 2 workers", "1 worker", "s", 1.8, commands.two_workers_against_one),
    Comparison("read_vs_pandas", "candidates of a workbook", "pandas.read_excel", "ms", 1, tables.against_pandas),
    Comparison(
        "read_activists_vs_pandas",
        "activists of a workbook, checked",
        "pandas.read_excel",
        "s",
        1,
        tables.activists_against_pandas,
    ),
    Comparison("help_vs_click", "hyeopyak --help", "python -c 'import click'", "ms", 0.5, commands.help_against_click),
)
