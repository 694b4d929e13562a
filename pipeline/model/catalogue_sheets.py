"""The part of the catalogue that is about spreadsheets: what they hide, and how they were understood."""

from __future__ import annotations

from pipeline.model.entries import error, file_trouble, note, warning

SHEETS = {
    "file.huge": file_trouble(
        "The file is larger than any table of a campaign, or would unpack to something that is.",
        "Save the one sheet that is needed as a new workbook.",
    ),
    "file.entities": file_trouble(
        "The workbook's XML declares a document type, which no spreadsheet program does; it could read other files.",
        "Take a copy from whoever made it, or copy its cells into a new workbook.",
    ),
    "file.encoding_name": error(
        "There is no encoding '{name}' for tables.", "Encodings that can be asked for: {known}."
    ),
    "file.encoding_wrong": file_trouble(
        "The text is not {name} from byte {byte} on.", "Correct the encoding in campaign.toml, or take it out."
    ),
    "file.meanwhile": warning(
        "Somebody saved this file while the program worked; that version was kept as {kept} and was not read.",
        "Copy what was entered meanwhile from {kept} into the new table, and run again.",
    ),
    "file.delimiter": note("The cells of this file are parted by {sign}, not as its name says."),
    "sheet.hidden": warning(
        "The sheet is hidden; it was read all the same.", "Unhide it in Excel, or name another one in campaign.toml."
    ),
    "row.hidden": warning(
        "{count} hidden rows were read all the same ({rows}).",
        "Unhide them, or delete those that do not belong to the table.",
    ),
    "row.filtered": warning(
        "{count} rows that a filter hides were read all the same ({rows}).",
        "Clear the filter, or delete the rows that do not belong to the table.",
    ),
    "row.struck": warning(
        "{count} struck-through rows were read all the same ({rows}).",
        "Delete them if they are meant to be deleted, else take the line away.",
    ),
    "cell.struck": warning(
        "Text is struck through here ({range}); it was read all the same.",
        "Delete what is not meant to stand there, else take the line away.",
    ),
    "column.hidden": warning(
        "The column '{header}' is hidden; it was read all the same.", "Unhide it, or delete it if it is not needed."
    ),
    "column.headerless": warning(
        "Cells without a header above them are not read ({range}).",
        "Write a header into the header row, or clear them.",
    ),
    "cell.look": warning(
        "The cell shows '{shown}' and holds '{held}' ({range}).",
        "What is printed is '{used}'; change the number format, or type what is meant.",
    ),
    "cell.lost": warning(
        "Characters were lost on the way ({value}).", "Type the text again, or fetch the file in its own encoding."
    ),
    "row.total": note("A row of totals: no record."),
    "row.total_differs": warning(
        "The total says {stated}, but there are {count} rows.", "Look for rows that are missing, or correct the total."
    ),
    "row.remark": note("A remark beside the table: no record."),
    "row.header_again": note("The header row stands here again: no record."),
    "row.abolished": note("{count} rows of abolished regions: no records."),
    "row.smaller_regions": note("{count} rows of 읍, 면, 동 and other parts of a 시·군·구: no records."),
    "header.two_lines": note("The headers stand in two rows ({rows}), read as: {headers}."),
    "column.understood": note("The column '{header}' is read as {field}."),
    "column.several": error(
        "Several columns could be {field}: {headers}.",
        "Say in campaign.toml, below [columns.{table}], which one it is.",
    ),
    "columns.table": error("columns.{table}: there is no such table.", "{suggestion} Tables: {known}."),
    "columns.field": error(
        "columns.{table}: '{field}' is not a column of this table.", "{suggestion} Columns of the program: {known}."
    ),
    "columns.absent": error(
        "columns.{table}: no sheet has a column '{header}'.", "{suggestion} Columns of the sheets: {known}."
    ),
    "candidate.keys_made": note(
        "There is no column 후보자ID: keys were made from office, province, district, name, hanja and year of birth.",
        "A candidate whose row changes gets a new key; use the election commission's huboid where there is one.",
    ),
    "candidate.split": note("시도 of {count} rows was taken from 선거구."),
}
