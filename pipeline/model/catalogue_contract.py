"""The part of the catalogue that is about templates: files that are none, fields, and traps of Word."""

from __future__ import annotations

from pipeline.model.entries import error, file_trouble, note, warning

_NEAR = "In {part}, near '{paragraph}': "

CONTRACT = {
    "template.kind": file_trouble(
        "This file cannot be used: {problem}.",
        "Open it in the program that made it, save it as 'Word Document (.docx)', and put that file here.",
    ),
    "template.password": file_trouble(
        "The template is protected by a password.",
        "Open it in Word, remove the password under File, Info, and save it again.",
    ),
    "template.huge": file_trouble(
        "The template would unpack to {size} MB or to thousands of files, which no template needs.",
        "Take a copy from whoever made it; shrink its pictures in Word.",
    ),
    "template.entities": file_trouble(
        "The template's XML declares entities, which no word processor does; they could read files.",
        "Take a copy from whoever made it, or copy its text into a new document.",
    ),
    "template.macros": error(
        "The template contains macros: programs that would run on the computers of those who open the papers.",
        "Save it as 'Word Document (.docx)', without macros.",
    ),
    "template.embedded": error(
        "The template contains an embedded object of another program ({name}).",
        "Delete the object in Word; put a picture or a table in its place.",
    ),
    "template.external": error(
        "The template fetches something from outside the file ({target}).",
        "In Word, break the link (File, Info, Edit Links), or insert the picture or text itself.",
    ),
    "template.attached": warning(
        "The template is linked to a Word template of its author ({target}); papers are made without the link.",
        "In Word, under Developer, Document Template, choose Normal.",
    ),
    "template.comments": warning(
        "The template contains comments; everyone who gets a paper could read them.",
        "In Word, under Review, delete all comments.",
    ),
    "template.list": error(
        _NEAR + "{tag} is a list; {field} is a field of what is in it.",
        "Go through the list with a for, and write {field} after the name that the for gives.",
    ),
    "template.leaf": error(
        _NEAR + "{tag} is a single value and has no field {field}.",
        "Take out the dot and what follows it, or name another field.",
    ),
    "template.loop": error(
        _NEAR + "a for goes through {tag}, which is a single value and not a list.",
        "Print the value without a for, or go through a list.",
    ),
    "template.whole": error(
        _NEAR + "{tag} is a list or a group of fields and cannot be printed as it is.",
        "Name one of its fields after a dot, or go through the list with a for.",
    ),
    "template.filter": error(_NEAR + "there is no filter {name}.", "{suggestion} Filters of this program: {known}."),
    "template.test": error(_NEAR + "there is no test {name}.", "{suggestion} Tests that exist: {known}."),
    "template.default": warning(
        _NEAR + "the field {tag} does not exist, so that only what stands in for it is printed.",
        "{suggestion} Known here: {known}.",
    ),
    "template.web": error(
        _NEAR + "{filter} is for web pages: a sign such as & in the data would break the file.",
        "Take it out; values are made safe by themselves.",
    ),
    "template.chance": error(
        _NEAR + "{filter} gives something else each time.", "Take it out: the same input has to give the same paper."
    ),
    "template.unused": note("The kind offers more than this template uses: {fields}."),
    "template.cut": error(
        _NEAR + "the command begins here and ends in another cell, box or table, or at another level.",
        "Put beginning and end side by side: both plain, or both with p, both with tr or both with tc.",
    ),
    "template.section": error(
        _NEAR + "the paragraph ends a section, which its command would take away or repeat.",
        "Move the section break into a paragraph of its own, outside for and if.",
    ),
    "template.place": error(_NEAR + "{problem}.", "Give the command a paragraph, row or cell of its own."),
    "template.rows": error(
        _NEAR + "the table loses all its rows when there is nothing to fill in, which breaks the file.",
        "Add a heading row, or put an if with the same list around the whole table.",
    ),
    "template.columns": error(
        _NEAR + "the row loses all its cells when there is nothing to fill in, which breaks the file.",
        "Add a cell that is always there, or put an if with the same list around it.",
    ),
    "template.cell": error(
        _NEAR + "everything in this cell, header, footnote or box can be left out, which breaks the file.",
        "Add an empty paragraph outside for and if, or write the command without p.",
    ),
    "template.inside": error(
        _NEAR + "a field, picture, note or link begins or ends inside the tag {tag}.",
        "Delete the tag and type it again in one go.",
    ),
    "template.bookmark": warning(
        _NEAR + "a bookmark or comment begins or ends inside the tag {tag} and would be lost.",
        "Delete the tag and type it again in one go.",
    ),
    "template.formats": note(_NEAR + "the tag {tag} changes its format in the middle; that of its first sign is used."),
    "template.tracked": error(
        _NEAR + "tracked changes beside tags: the old text and the new would both be read.",
        "In Word, under Review, accept or reject all changes and save the file.",
    ),
    "template.changes": warning(
        _NEAR + "tracked changes; everyone who gets a paper could read what was deleted.",
        "In Word, under Review, accept or reject all changes and save the file.",
    ),
    "template.unrendered": error(
        "In {part}: the tag {tag} would be printed as it stands; none are filled in there.",
        "Move it into the text, a header, a footer or a footnote.",
    ),
    "template.bound": error(
        _NEAR + "the tag {tag} stands in a content control to which Word would give its old text back.",
        "Remove the content control and keep its text.",
    ),
    "template.twice": warning(
        _NEAR + "Word keeps a text box twice, so that its tag stands in the file twice.",
        "A table cell or a frame holds the text once and is the safer place.",
    ),
    "template.twins": error(
        _NEAR + "the two copies that Word keeps of this text box do not say the same.",
        "Delete the text box, and put a table cell or a frame in its place.",
    ),
    "template.braces": warning(
        _NEAR + "{text} looks like a tag and is none; it would be printed as it stands.",
        "A tag has two braces on either side, without a space between them, typed in English mode.",
    ),
    "template.quotes": warning(
        _NEAR + "curly quotation marks inside a tag ({signs}) are read as straight ones.",
        "Type straight ones; Word's AutoCorrect makes them curly.",
    ),
    "template.nfd": note(_NEAR + "the tag {tag} was typed letter by letter, as on a Mac; it is read as syllables."),
    "template.run": warning(_NEAR + "the tag {tag} loses its font and format.", "Take out the r after the braces."),
    "template.merge": warning(
        _NEAR + "{command} changes cells in a way that not every version of Word accepts.",
        "Merge or colour the cells in Word itself, in rows chosen by an if.",
    ),
    "template.hangul": warning(
        _NEAR + "the style '{style}' names no font for Hangul, so that each computer takes another.",
        "In Word, set the font for Asian text in the style.",
    ),
}
