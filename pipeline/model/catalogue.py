"""The catalogue of findings: code, level, exit code, what is said and what to do about it.

Texts are English message ids; `pipeline/locale/` holds the other languages (gettext). Names in braces are the
finding's parameters. The cell or the document number is enough to find a place, so no text names a person; only
`template.name` does, where the name itself is what has to be found.
"""

from __future__ import annotations

from pipeline.model.catalogue_beginning import BEGINNING
from pipeline.model.catalogue_cluster import CLUSTER
from pipeline.model.catalogue_contract import CONTRACT
from pipeline.model.catalogue_doctor import DOCTOR, INSTALL_OFFICE
from pipeline.model.catalogue_identity import IDENTITY
from pipeline.model.catalogue_imports import IMPORTS
from pipeline.model.catalogue_originals import ORIGINALS
from pipeline.model.catalogue_packets import PACKETS
from pipeline.model.catalogue_returns import RETURNS
from pipeline.model.catalogue_sheets import SHEETS
from pipeline.model.catalogue_volumes import VOLUMES
from pipeline.model.entries import Entry, Level
from pipeline.model.entries import error as _error
from pipeline.model.entries import file_trouble as _file
from pipeline.model.entries import note as _note
from pipeline.model.entries import result as _result
from pipeline.model.entries import warning as _warning
from pipeline.model.errors import ExitCode

__all__ = ["CATALOGUE", "Entry", "Level"]

_CAMPAIGN = {
    "campaign.missing": _file(
        "There is no campaign in this folder: inputs/campaign.toml is missing.",
        "Change into the campaign's folder, or name it with --campaign.",
    ),
    "campaign.syntax": _error(
        "Line {line} cannot be understood: {problem}.",
        "Look at the line and the one before it: a quotation mark, a bracket or an equals sign is off.",
    ),
    "campaign.encoding": _file(
        "The file is not UTF-8 from byte {byte} on.", "Save it as UTF-8 (in the editor's 'Save as', under encoding)."
    ),
    "campaign.tag": _error("{key} holds signs that are reserved for templates.", "Write it without doubled braces."),
    "kind.letter": _error(
        "kinds.{kind}.letter: '{letter}' is also the letter of kinds.{other}.",
        "Documents would bear the same numbers; take another letter.",
    ),
    "kind.file": _error(
        "kinds.{kind}.file lacks 번호: one document could take the place of another's file.",
        "Put 번호 in braces into the file-name pattern: it is different for each.",
    ),
    "campaign.value": _error("{key}: {problem}.", "Correct this entry in campaign.toml."),
    "campaign.choice": _error("{key}: '{value}' is not possible.", "Allowed: {allowed}. {suggestion}"),
    "campaign.unknown": _error(
        "{key} is not an entry that exists here.", "{suggestion} Entries that exist here: {known}."
    ),
    "kind.table": _error(
        "kinds.{kind}: for each '{each}' there has to be a table.", "Add the entry '{table}' below [tables]."
    ),
    "kind.roll": _error(
        "kinds.{kind}: a roll does not go with papers for each '{each}', or there is no table of activists.",
        "Rolls belong to papers for each campaign, province or region; add 'activists' below [tables].",
    ),
    "kind.signer": _error(
        "kinds.{kind}.signers: '{signer}' cannot sign papers for each '{each}'.",
        "Only 'organisations' sign papers of every sort; correct signers or for_each.",
    ),
    "kind.column": _error(
        "kinds.{kind}.{entry}: there is no column '{column}'.", "{suggestion} Columns that exist here: {known}."
    ),
    "kind.nothing": _note("kinds.{kind}: there is nobody and nothing to make this paper for."),
}

_FILES = {
    "file.missing": _file("The file does not exist.", "Put the file there, or correct its name in campaign.toml."),
    "file.kind": _file(
        "This kind of file is not read here ({kind}).",
        "Save it as .xlsx or .csv and name that file in campaign.toml.",
    ),
    "file.encrypted": _file(
        "The workbook is protected by a password.", "Open it in Excel, remove the password and save it again."
    ),
    "file.damaged": _file(
        "The file is damaged or only half copied: it cannot be opened.",
        "Open it in Excel or Word and save it again, or copy it once more from where it came.",
    ),
    "file.encoding": _file(
        "The text is neither UTF-8 nor CP949 from byte {byte} on.",
        "Open it in Excel and save it as 'CSV UTF-8'.",
    ),
    "file.unreadable": _file("The file cannot be read: {problem}.", "Check the file's permissions."),
    "sheet.missing": _error(
        "There is no sheet '{sheet}' in this workbook.",
        "Sheets here: {sheets}. Correct the name in campaign.toml.",
    ),
    "sheet.empty": _error("There is no row with data.", "Fill in the sheet, or take it out of campaign.toml."),
    "header.missing": _error(
        "No row with column headers was found in the first {rows} rows.",
        "One row has to hold headers such as: {headers}.",
    ),
    "column.missing": _error(
        "The column '{header}' is missing.", "Add it to the header row (also known as: {aliases})."
    ),
    "column.duplicate": _error(
        "The header '{header}' stands here a second time.", "Rename or delete one of the columns."
    ),
    "column.unknown": _note("The column '{header}' is not used by the program; templates reach it as {field}."),
}

_CELLS = {
    "cell.blank": _error("'{header}' is empty.", "Fill in the cell."),
    "cell.value": _error("'{header}' is not understood: {problem}.", "Correct the cell."),
    "cell.choice": _error(
        "'{header}': '{value}' is not one of the possible answers.", "Allowed: {allowed}. {suggestion}"
    ),
    "cell.error": _error("The cell shows an error ({value}).", "Correct the formula, or write the value itself."),
    "cell.uncalculated": _error(
        "The formula in this cell was never calculated.",
        "Open the workbook in Excel, save it, and run again.",
    ),
    "cell.merged": _error(
        "Cells are merged ({range}): all but the first are empty to the program.",
        "Unmerge them and fill in every cell.",
    ),
    "cell.control": _error("The cell holds an invisible control character.", "Type the text again."),
    "cell.tag": _error(
        "The cell holds signs that are reserved for templates ({value}).", "Write it without doubled braces."
    ),
    "cell.resident_number": _error(
        "The cell seems to hold a resident registration number, which must not be kept (PIPA 24-2).",
        "Delete it here and wherever it was copied to.",
    ),
}

_RULES = {
    "key.duplicate": _error(
        "{header} {value} is already in {first}.", "Every row needs its own; correct one of the two."
    ),
    "reference.unknown": _error(
        "'{header}': '{value}' is not in the table of {table}.",
        "Correct the cell, or add the row to that table. {suggestion}",
    ),
    "region.name": _error(
        "'{value}' is not the full name of a 시, 도, 구 or 군.", "Write it in full, such as 서울특별시, 종로구."
    ),
    "region.code": _error("'{value}' cannot stand in the numbers of papers.", "Write 2 to 10 digits, such as 1100."),
    "region.derived": _note(
        "'{region}' is not in the table of regions; it was taken from the candidates' sheet.",
        "Add a row for it if its papers should name a council.",
    ),
    "candidate.party_list": _note("Row of a party list without a person: no paper is made."),
    "candidate.nameless": _error("The row has neither name nor party list.", "Fill in the name, or delete the row."),
    "candidate.withdrawn": _note("Not standing any more ({status}): no paper is made."),
    "candidate.office_outside": _note("'{office}' is not among the offices of this campaign: no paper is made."),
    "candidate.namesake": _warning(
        "Another candidate of the same name stands in the same district ({other}).",
        "Both get papers of their own; check that the two rows are two people.",
    ),
    "candidate.unanswered": _note("No pledge adopted: no agreement is made."),
    "region.spelled": _note("'{value}' is taken for {region}, as the table of regions spells it."),
    "candidate.two_districts": _warning(
        "The same name, hanja and year of birth stand in another district, too ({other}).",
        "Check whether it is one person; delete the row that is wrong.",
    ),
    "council.nobody": _warning("The council has no representative.", "Fill in who receives its papers."),
    "count.differs": _error(
        "counts.{table} says {stated}, but there are {count}.",
        "Find the rows that are missing or too many, or correct the count.",
    ),
    "signer.barred": _warning(
        "The sheet says that the law keeps this person from signing: left out.",
        "Delete the row, or correct the column.",
    ),
    "signer.consent_differs": _warning(
        "The rows of this person differ in consent; the one that allows least counts.",
        "Ask the person, and leave one row.",
    ),
    "signer.no_affiliation": _warning(
        "A signer without affiliation: namesakes could be taken for each other.", "Fill in 소속."
    ),
    "signer.no_consent": _note(
        "No consent to be named is recorded: left out of the papers that need it.",
        "Ask the person; write 예 only if they consent, else leave the cell as it is.",
    ),
    "signer.twice": _warning(
        "The same name, affiliation and region stand already in {first}; only the first is counted.",
        "Delete one of the rows, or tell them apart by their affiliation.",
    ),
    "programme.orphan": _error("'{header}': there is no event '{value}'.", "{suggestion} Correct 행사ID."),
    "programme.headless": _error(
        "The first row of an item says what it is, and this one does not.", "Fill in 내용 in the first row of its 순서."
    ),
    "programme.long": _warning(
        "The programme takes {minutes} minutes and ends after the event ({ends}).", "Correct the minutes or 종료."
    ),
    "party.unanswered": _note("No pledge adopted by this party: no agreement is made."),
    "hanja.damaged": _warning(
        "The hanja look damaged (a question mark, digit, space or Hangul among them).",
        "Compare with the official list.",
    ),
    "answer.twice": _error(
        "This candidate's answer to pledge {pledge} stands already in {first}.", "Delete one of the rows."
    ),
    "answer.unreached": _warning(
        "Pledge {pledge} does not concern this candidate's office or region; the answer is not printed.",
        "Check 후보자ID and 공약번호.",
    ),
    "answer.no_remark": _warning("'{answer}' needs a remark, and there is none.", "Ask the candidate for the reason."),
    "particle.undecided": _warning(
        "No particle can be chosen for this name; the paper would show both forms.",
        "Write the name in Hangul or add how it is read in brackets.",
    ),
}

_TEMPLATES = {
    "template.missing": _file(
        "The template does not exist.", "Put the Word file there, or correct its name in campaign.toml."
    ),
    "template.nobody": _error(
        "No kind of this campaign uses a template of this name.",
        "Say with --kind which one it is for: {kinds}.",
        ExitCode.USAGE,
    ),
    "template.damaged": _file(
        "The template is not a Word document (.docx) that can be opened.",
        "Open it in Word and save it as .docx.",
    ),
    "template.syntax": _error(
        "In {part}, near '{paragraph}': {problem}.", "Check the braces and that every for and if has its end."
    ),
    "template.beside": _error(
        "In {part}, near '{paragraph}': text beside a command of the whole paragraph, row or cell would vanish.",
        "Give the command a paragraph, row or cell of its own.",
    ),
    "template.field": _error(
        "In {part}, near '{paragraph}': the field {tag} does not exist.", "{suggestion} Known here: {known}."
    ),
    "template.name": _warning(
        "The template's own text contains a candidate's name ({name}), perhaps left over from an earlier paper.",
        "Replace the name by its field.",
    ),
    "font.missing": _error(
        "The font '{font}' of the template is not installed, so the PDF would look different.",
        "Run make setup, or: apt-get install fonts-nanum fonts-unfonts-core fonts-noto-cjk (Debian, Ubuntu).",
        ExitCode.PROGRAM_MISSING,
    ),
}

_PICTURES = {
    "picture.missing": _error(
        "In {part}, near '{paragraph}': there is no picture '{name}' in inputs/pictures.",
        "{suggestion} Put the file there, or correct its name in the table.",
    ),
    "picture.unusable": _error(
        "In {part}, near '{paragraph}': '{name}' cannot be printed: {problem}.",
        "Put another file in its place, or change the tag.",
    ),
    "chart.field": _error(
        "The chart '{chart}' asks for '{name}', which does not exist.",
        "{suggestion} Known here: {known}. A chart's alternative text names a list, and each series a number in it.",
    ),
    "chart.list": _error(
        "The chart '{chart}' asks for something that is not a list.",
        "Write the field of a list into the chart's alternative text.",
    ),
    "chart.value": _error(
        "The chart '{chart}': '{name}' holds something that is not a whole number.",
        "Name the series after a field that counts.",
    ),
    "chart.kind": _error(
        "The chart '{chart}' is of a kind that cannot be filled.",
        "Use columns, bars, lines, areas, a ring or a pie, with at least one series.",
    ),
}

_RESULTS = {
    "render.check": _result(
        "The Word file failed its check: {problem}.", "Look at the template; the earlier file was kept."
    ),
    "convert.failed": _result(
        "LibreOffice could not turn this document into a PDF ({problem}).",
        "Open the Word file and look for what is unusual; all other documents were made.",
    ),
    "convert.office": _error(
        "LibreOffice does not work: it fails at a tiny document of ours, too ({problem}). PDFs are waiting for it.",
        "Close other programs, make room on the disk of temporary files, and run again; "
        "if that does not help, install LibreOffice anew.",
        ExitCode.PROGRAM_MISSING,
    ),
    "convert.check": _result(
        "The PDF failed its check: {problem}.", "The earlier file was kept. Look at the Word file."
    ),
    "convert.font": _warning(
        "The PDF uses the font {font}, which the template does not name or which is not embedded.",
        "Some sign is missing from the template's fonts: look at the page.",
    ),
    "output.altered": _warning(
        "The file was changed by hand since it was made; it was kept as {kept}.",
        "Move such changes into the spreadsheets or the template.",
    ),
    "office.missing": _error(
        "LibreOffice Writer was not found: {count} PDFs are waiting for it.",
        INSTALL_OFFICE,
        ExitCode.PROGRAM_MISSING,
    ),
    "office.old": _error(
        "{version} is too old; {needed} or newer is needed.",
        "Update LibreOffice.",
        ExitCode.PROGRAM_MISSING,
    ),
    "worker.lost": _result(
        "A worker process died while it made this document.", "Run again; if it dies again, use --jobs 1."
    ),
    "machine.short": _file(
        "The machine has run out of something: {problem}.",
        "Close other programs or use --jobs 1, and run again; what was there before is whole.",
    ),
    "output.unwritable": _file(
        "The file or folder cannot be written: {problem}.",
        "Check permissions and whether it is open in Word.",
    ),
    "output.full": _file("The disk is full: {problem}.", "Make room and run again; what was there before is whole."),
    "output.long": _file("The name of the file would be too long.", "Shorten the file-name pattern in campaign.toml."),
    "register.damaged": _file(
        "The register cannot be read: {problem}.",
        "Restore it from a backup, or run hyeopyak doctor --repair; do not delete it: it holds the numbers.",
    ),
    "register.busy": _file(
        "Another program has the register open: {problem}.", "Close it (a database viewer, a backup) and run again."
    ),
    "register.newer": _file(
        "The register was made by a newer version of this program (layout {layout}).",
        "Use that version: git pull, then make setup.",
    ),
    "register.lost": _file(
        "There are papers in this folder, but the register knows of none: numbers would be given twice.",
        "Restore register.sqlite from a backup, or run hyeopyak doctor --repair.",
    ),
    "plan.revised": _warning(
        "This paper has gone out, and its text has changed since: revision {revision} is made, the old one kept.",
        "See who has the old one (hyeopyak affected), and ask them again.",
    ),
    "plan.removed": _note(
        "No row makes this paper any more. It stays on record, with its files; it is not made again."
    ),
    "plan.filtered": _note(
        "campaign.toml leaves this paper out now. It stays on record, with its files; it is not made again."
    ),
    "affected.nobody": _note("Nobody has a paper whose text has changed since."),
    "run.resumed": _note("The last run was ended in the middle: what it left was tidied up ({count})."),
    "campaign.locked": _file("Another run holds this campaign ({holder}).", "Wait until it has ended."),
    "only.nothing": _error(
        "Nothing matches '{pattern}'.", "Try a document number, part of a name, or a region.", ExitCode.USAGE
    ),
    "kind.unknown": _error("There is no document kind '{kind}'.", "Kinds of this campaign: {kinds}.", ExitCode.USAGE),
}

_BOOKS = {
    "copy.altered": _warning(
        "This checked copy was changed by hand; it was kept as {kept}, and nothing of it is read.",
        "Make such changes in the original in inputs.",
    ),
    "copy.failed": _warning(
        "The checked copy could not be written: {problem}.", "Close it if it is open in Excel, and run again."
    ),
    "campaign.placeholder": _error(
        "{key} still holds what a new campaign begins with ({value}).", "Write your own into campaign.toml."
    ),
    "sheet.unfilled": _note("There is no row yet.", "Fill in the sheet when its time has come."),
}

CATALOGUE: dict[str, Entry] = {
    **BEGINNING,
    **_CAMPAIGN,
    **_FILES,
    **_CELLS,
    **_RULES,
    **_TEMPLATES,
    **CONTRACT,
    **_PICTURES,
    **_BOOKS,
    **IMPORTS,
    **IDENTITY,
    **ORIGINALS,
    **RETURNS,
    **VOLUMES,
    **PACKETS,
    **DOCTOR,
    **SHEETS,
    **CLUSTER,
    **_RESULTS,
}
