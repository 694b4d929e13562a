"""Findings of imports: answer sheets that came back, demands sent in, files that are to be explained."""

from __future__ import annotations

from pipeline.model.entries import Entry, error, file_trouble, note, result, warning
from pipeline.model.errors import ExitCode

_ANSWERS: dict[str, Entry] = {
    "import.nothing": error(
        "There is no file to read in {folder}.",
        "Name the folder in which returned answer sheets are kept.",
        ExitCode.USAGE,
    ),
    "import.kind": error(
        "Answers cannot be read from this file: {problem}.",
        "Open it in Word or Hangul and save it as .docx. From a scan, type the answers into a sheet with the columns "
        "후보자ID, 공약번호, 답변, 의견.",
    ),
    "import.password": error("The file is protected by a password.", "Remove the password and save it again."),
    "import.unsafe": file_trouble("The file must not be opened: {problem}.", "Ask the sender for a fresh copy."),
    "import.no_table": error(
        "No table of answers was found.",
        "Its rows begin with the pledge's number, and a column is headed 답변.",
    ),
    "import.no_number": error(
        "The file does not say whose answers these are: it holds no document number.",
        "Write the number that stands on the paper sent (문서번호) into the file, or 후보자ID into the sheet.",
    ),
    "import.numbers": error(
        "Several document numbers stand in this file ({numbers}).", "Keep each answer sheet in a file of its own."
    ),
    "import.number_unknown": error(
        "The document number {number} was never given.",
        "Compare it with the paper that was sent, and look whether this is the right campaign.",
    ),
    "import.addressee": error(
        "Document {number} was not made for a candidate or a party of this campaign.",
        "Correct the number in the file, or add the row to the table of candidates.",
    ),
    "import.name": error(
        "The name on the sheet is not the name of the person for whom document {number} was made.",
        "Somebody may have used another's sheet: ask, then correct number or name in the file.",
    ),
    "import.pledge_unknown": error(
        "There is no pledge {pledge}.", "Compare the number with the sheet that was sent, and correct it in the file."
    ),
    "import.pledge_changed": error(
        "The sheet asks something else under number {pledge} than the table of pledges does.",
        "Pledges were changed or renumbered after the sheet had been sent: ask again.",
    ),
    "import.pledge_twice": error(
        "Pledge {pledge} stands in this file twice, with different answers.", "Ask, and delete one of the two."
    ),
    "import.unmarked": warning(
        "No choice is marked for pledge {pledge}. A circle that was drawn around a word cannot be seen.",
        "If there is one, mark it with a sign in the file and import again.",
    ),
    "import.marks": error(
        "It cannot be told which choice is marked for pledge {pledge}: {answers}.",
        "Ask, leave one mark in the file, and import again.",
    ),
    "import.words": error(
        "The answer to pledge {pledge} is none of the choices: '{value}'.",
        "Ask, mark one of the choices in the file, and import again.",
    ),
    "import.beside": note("Pledge {pledge}: '{answer}' is not marked but written beside the choices; it was taken."),
    "import.same": note("It says the same as {first}; it was not counted twice."),
    "import.contradiction": error(
        "There is another answer sheet of the same sender that says something else ({first}); neither was taken.",
        "Find out which one holds, and move the other out of the folder.",
    ),
    "import.answered": error(
        "Pledge {pledge} is answered otherwise in {first}; this answer was not taken.",
        "Find out which one holds, and correct or delete the other.",
    ),
    "import.kept": warning(
        "Pledge {pledge} is answered otherwise in {first}, in a row that somebody typed; that row was kept.",
        "Delete the row if the file is right, and import again.",
    ),
    "import.replaced": warning(
        "{count} answers took the place of others that came with an earlier file ({first}).",
        "Look at the papers that were made from the earlier ones.",
    ),
    "import.taken": note("{count} answers were taken from this file."),
    "import.already": note("All {count} answers of this file were there already."),
    "import.unlisted": warning(
        "The program does not yet read {file}.", "Put this line below [tables] in campaign.toml: {line}"
    ),
    "import.check": result(
        "The workbook failed its check: read back, it does not hold what was put into it.",
        "Nothing was written. Please send the files that were imported to those who gave you the program.",
    ),
    "import.unsound": error(
        "This workbook has errors; nothing is added to it before they are mended.", "Mend them, and import again."
    ),
}

_DEMANDS: dict[str, Entry] = {
    "demand.taken": note("{count} new demands were added from this file ({first} to {last})."),
    "demand.already": note("{count} rows of this file were there already."),
    "demand.similar": warning(
        "Demand {demand} is much like {others}.", "Look whether they are one; if so, write 병합 and 병합 대상."
    ),
    "demand.pledge": error("Demand {demand} was adopted, but no pledge is named.", "Fill in 공약번호."),
    "demand.reason": error("Demand {demand} was declined without a reason.", "Fill in 사유."),
    "demand.target": error(
        "Demand {demand} was merged, but it is not said with which.", "Fill in 병합 대상, such as D-0001."
    ),
    "demand.circle": error(
        "Merged demands lead round in a circle: {path}.", "One of them has to be decided by itself."
    ),
    "demand.cited": error(
        "The pledge cites demand {demand}, which was declined.", "Correct 요구번호 here, or the decision there."
    ),
}

_EXPLAIN: dict[str, Entry] = {
    "explain.nothing": error(
        "This looks like none of a campaign's tables.",
        "Headers have to stand in one of the first {rows} rows.",
        ExitCode.FINDINGS,
    ),
}

IMPORTS: dict[str, Entry] = {**_ANSWERS, **_DEMANDS, **_EXPLAIN}
