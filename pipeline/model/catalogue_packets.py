"""Findings about packets for councils, and mails."""

from __future__ import annotations

from pipeline.model.entries import Entry, error, file_trouble, note, result, warning
from pipeline.model.errors import ExitCode

PACKETS: dict[str, Entry] = {
    "packet.nothing": note(
        "There is nothing to pack: no paper belongs to a council.",
        "Fill in the column 협의회 of the table of regions, and make papers first (hyeopyak make).",
    ),
    "packet.nobody": note("{count} papers belong to no council; they are in no packet."),
    "packet.kind": error(
        "[packets] kinds names a kind that this campaign does not have: {kind}.",
        "Kinds of this campaign: {kinds}.",
        ExitCode.USAGE,
    ),
    "packet.stale": error(
        "The packet of {council} was not made anew: a paper is not as it was issued ({problem}).",
        "Run hyeopyak make first; --keep-going packs the other papers without this one.",
    ),
    "packet.letter": warning(
        "{count} cover letters are in packets as Word files only: no PDF could be made of them ({problem}).",
        "Install LibreOffice where it is missing or too old (make setup); where it failed, look at the template of"
        " cover letters. Then run it again.",
    ),
    "packet.letter_wrong": result(
        "The PDF of the cover letter of {council} does not say what its Word file says; the packet was not made.",
        "Open the template of cover letters in Word and look at it.",
    ),
    "packet.passphrases": file_trouble(
        "The file of passphrases cannot be understood.",
        "Put it back from a copy: packets that have gone out open with the passphrases in it only.",
    ),
    "packet.encrypted": note(
        "{count} packets are encrypted; their passphrases are in {path}.",
        "Tell each council its own by telephone or in person, never in the mail that brings the packet.",
    ),
    "packet.handed": note("{count} packets were recorded as handed over."),
    "mail.settings": error(
        "[mail] {key} is missing in campaign.toml, or is no address.", "Write it there.", ExitCode.USAGE
    ),
    "mail.test_address": error(
        "--test-to is no e-mail address, or more than one.", "Give one: --test-to me@example.org.", ExitCode.USAGE
    ),
    "mail.address": error(
        "The council has no e-mail address that can be used: {council}.",
        "Correct it in the table of councils, or hand the packet over in another way.",
    ),
    "mail.large": error(
        "The mail for {council} is too large: {size} MB; {limit} MB are allowed.",
        "Hand the packet over in another way (then: --handed-over), or raise [mail] most_megabytes.",
    ),
    "mail.password": error(
        "The mail server does not accept user or password.",
        "Look at [mail] user; set HYEOPYAK_SMTP_PASSWORD. Many services want a password for apps.",
        ExitCode.USAGE,
    ),
    "mail.unreachable": file_trouble(
        "The mail server cannot be reached, or broke off: {problem}.",
        "Look at [mail] server, port and security, and at the network; run it again: nobody gets a second mail.",
    ),
    "mail.insecure": error(
        "The mail server's connection is not safe: {problem}.",
        "Look at [mail] server and security; ask who runs the server.",
    ),
    "mail.refused": error(
        "The mail server refused the mail for {council} for good: {problem}.",
        "Correct the address in the table of councils, or hand the packet over in another way.",
    ),
    "mail.postponed": error(
        "The mail server does not take the mail for {council} now: {problem}.",
        "Run it again later; nobody gets a second mail.",
        ExitCode.WAITING,
    ),
    "mail.unsure": error(
        "The papers of {council} may have arrived, and are not sent again: {problem}.",
        "Ask the council. If they have come: deliver --handed-over --only NAME. If not: deliver --send --again NAME.",
        ExitCode.WAITING,
    ),
    "mail.settled": note(
        "What was recorded for {count} councils is the mail that was in doubt; their packets hold newer papers now.",
        "Send those (--send), or hand them over and run --handed-over once more.",
    ),
    "mail.limit": error(
        "{count} councils remain: {limit} mails an hour are allowed ([mail] per_hour).",
        "Run it again after {time}; nobody gets a second mail.",
        ExitCode.WAITING,
    ),
    "mail.stopped": error(
        "{count} councils remain: the mail server has postponed several mails in a row.",
        "Run it again later; nobody gets a second mail.",
        ExitCode.WAITING,
    ),
    "mail.unknown": error(
        "There is no packet for {council}.", "Write the council's name as in the table.", ExitCode.USAGE
    ),
    "mail.sent": note("{count} mails were accepted by the mail server."),
    "mail.tested": note("{count} mails were sent to the test address; no delivery was recorded."),
    "mail.already": note("{count} councils have had these papers before; nothing was sent to them."),
    "mail.drafts": note(
        "{count} drafts are in {path}.",
        "Once you have sent them, record it: hyeopyak deliver --handed-over.",
    ),
}
