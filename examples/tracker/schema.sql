-- Version 1. A project keeps the last number that one of its issues had, and AUTOINCREMENT
-- keeps the last id of a project. So an entity-tag never returns for another record.

CREATE TABLE users (
	name  TEXT PRIMARY KEY,
	token BLOB NOT NULL UNIQUE -- the hash of it
);
CREATE TABLE teams (
	id    TEXT PRIMARY KEY,
	title TEXT NOT NULL
);
CREATE TABLE members (
	team TEXT NOT NULL REFERENCES teams,
	user TEXT NOT NULL REFERENCES users,
	PRIMARY KEY (team, user)
);
CREATE TABLE projects (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	team    TEXT    NOT NULL REFERENCES teams,
	key     TEXT    NOT NULL,
	title   TEXT    NOT NULL,
	version INTEGER NOT NULL DEFAULT 1,
	last    INTEGER NOT NULL DEFAULT 0,
	UNIQUE (team, key)
);
CREATE TABLE issues (
	project  INTEGER NOT NULL REFERENCES projects, -- a project with issues cannot be deleted
	number   INTEGER NOT NULL,
	title    TEXT    NOT NULL,
	text     TEXT    NOT NULL,
	state    TEXT    NOT NULL,
	assignee TEXT    NOT NULL,
	labels   TEXT    NOT NULL, -- a JSON array
	author   TEXT    NOT NULL,
	version  INTEGER NOT NULL DEFAULT 1,
	updated  INTEGER NOT NULL, -- microseconds since 1970
	PRIMARY KEY (project, number)
);
CREATE TABLE attachments (
	project INTEGER NOT NULL,
	issue   INTEGER NOT NULL,
	name    TEXT    NOT NULL,
	hash    TEXT    NOT NULL, -- of the content, and its entity-tag
	updated INTEGER NOT NULL,
	content BLOB    NOT NULL,
	PRIMARY KEY (project, issue, name),
	FOREIGN KEY (project, issue) REFERENCES issues ON DELETE CASCADE
);

PRAGMA user_version = 1;
