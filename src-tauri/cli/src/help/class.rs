//! The texts of `roster` and `credit`.

pub(crate) const ROSTER: &str = "\
The class list of a course: who is enrolled, from a file that a learning platform, a spreadsheet or a mail program has \
made. With it, shares are of those enrolled, and it can be told who has not watched. It stays in the data folder, readable by \
its owner only; Panopto is not told.

  panopto-analytics roster import students.csv --course COMM --dry-run
  panopto-analytics roster import students.csv --course COMM
  panopto-analytics roster show COMM --names";

pub(crate) const ROSTER_IMPORT: &str = "\
Import the class list of a course: the gradebook or participants as Canvas, Moodle, Blackboard, Brightspace, Sakai, Open edX, \
ILIAS, Stud.IP and Google Classroom export them, any table with named columns as CSV, xlsx, xls or ods, or one address, user \
name or number a line. Encoding, separator and columns are found out and told. Points, test students and those who teach are \
left out, each with its line. An earlier list stays: who is no longer on the new one is marked. --dry-run shows exactly what \
an import would do.

  panopto-analytics roster import students.csv --course COMM --dry-run
  panopto-analytics roster import old.csv --course COMM --encoding macintosh";

pub(crate) const ROSTER_SHOW: &str = "\
Show the class list beside the viewers of the course. Each row is matched (its e-mail, user name or number is a viewer's), \
suggested (only a name, say: a person must decide), in conflict (what is known contradicts itself), or not found. People are \
numbered; --names shows who they are.

  panopto-analytics roster show COMM
  panopto-analytics roster show COMM --names --json \\
    | jq '.result.rows[] | select(.state == \"not-found\") | .email'";

pub(crate) const ROSTER_MATCH: &str = "\
Say which viewer somebody on the class list is; it is remembered, whatever later lists call them. --not says that they are \
somebody else, --open forgets what was said. --domain confirms that what stands before a domain is the user name, so that \
mvale7 and mvale7@example.edu are one.

  panopto-analytics roster match COMM mvale7 \\
    0d4c4a0e-1f7a-4f6e-9c61-5f7c1b0d9a11
  panopto-analytics roster match COMM '#7' \\
    0d4c4a0e-1f7a-4f6e-9c61-5f7c1b0d9a11 --not
  panopto-analytics roster match COMM --domain example.edu";

pub(crate) const CREDIT: &str = "\
Work out points for watching videos by a deadline, for the people of the class list. Only people of whom it is sure who they \
are get a value; who has watched nothing is left out unless --zero-for says otherwise. Without --format and --fill it shows \
the list; with --format it makes a file that the gradebook imports; with --fill it gives back the gradebook's own export with \
one column filled and all else byte for byte. Beside a file stands a text that says what was counted.

  panopto-analytics credit COMM --by '2026-10-01 09:00' \\
    --videos 84cef7f7-f168-4a80-9a5a-ac100144db29
  panopto-analytics credit COMM --by 2026-10-01 --format canvas \\
    --videos 84cef7f7-f168-4a80-9a5a-ac100144db29 --out credit.csv
  panopto-analytics credit COMM --by 2026-10-01 --fill grades.csv \\
    --column 'Week 1' --out filled.csv --decide 'mvale7=10 was ill' \\
    --videos 84cef7f7-f168-4a80-9a5a-ac100144db29";
