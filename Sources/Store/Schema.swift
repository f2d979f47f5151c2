import GRDB

/// The tables of `gloss.sqlite`, and how they came to be.
///
/// A change of the tables is a further migration under a new name; a migration that has shipped is never edited.
/// Times are milliseconds since 1970; 64-bit hashes are stored as the signed integer of the same bits,
/// 128-bit ones as 32 hexadecimal digits.
enum Schema {
    /// Marks the file as ours: the bytes of "Glos".
    static let applicationIdentifier: Int32 = 0x476c_6f73

    /// The migration from which on readers understand the tables: columns that later ones add may be missing.
    static let oldestReadable = "tables"

    /// The migrations, oldest first.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("tables") { database in
            try database.execute(sql: "PRAGMA application_id = \(applicationIdentifier)")
            try database.execute(sql: checkpointTables + jobTables + outgoingTables)
        }
        migrator.registerMigration("controls") { database in
            try database.execute(sql: "ALTER TABLE score ADD COLUMN control TEXT")
        }
        migrator.registerMigration("verdicts") { database in
            try database.execute(
                sql: "CREATE TABLE verdicts (job TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID")
        }
        migrator.registerMigration("replicates") { database in
            try database.execute(sql: "ALTER TABLE score ADD COLUMN replicates BLOB")
        }
        migrator.registerMigration("money") { database in
            try database.execute(
                sql: """
                    ALTER TABLE score ADD COLUMN tokens_cached INTEGER;
                    ALTER TABLE score ADD COLUMN sequential TEXT;
                    """)
        }
        migrator.registerMigration("continuity") { database in try database.execute(sql: continuity) }
        migrator.registerMigration("event subjects", migrate: EventSubject.addColumns)
        migrator.registerMigration("segment checksums") { database in try database.execute(sql: segmentChecksums) }
        migrator.registerMigration("node settings") { database in
            try database.execute(sql: "ALTER TABLE node ADD COLUMN settings TEXT")
        }
        migrator.registerMigration("fences within records") { database in
            try database.execute(sql: "ALTER TABLE fence ADD COLUMN contexts INTEGER NOT NULL DEFAULT 0")
        }
        migrator.registerMigration("worth of jobs") { database in try database.execute(sql: worthAndRetries) }
        migrator.registerMigration("log-odds") { database in
            try database.execute(sql: "ALTER TABLE score ADD COLUMN logits BLOB")
        }
        migrator.registerMigration("batches of questions") { database in try database.execute(sql: batches) }
        migrator.registerMigration("parts of explanations") { database in
            try database.execute(sql: "ALTER TABLE explanation ADD COLUMN parts TEXT")
        }
        migrator.registerMigration("requests about latents") { try $0.execute(sql: requestsAndPins) }
        migrator.registerMigration("replays of dead letters") { try $0.execute(sql: replays) }
        return migrator
    }

    /// The tables that let explanations be made and scored again; the lists of `basis` and `scores` are JSON.
    private static let continuity = """
        ALTER TABLE explanation ADD COLUMN basis TEXT;
        ALTER TABLE explanation ADD COLUMN standing TEXT;
        ALTER TABLE explanation ADD COLUMN reason TEXT;
        ALTER TABLE score ADD COLUMN epoch INTEGER;
        ALTER TABLE score ADD COLUMN windows_fired INTEGER;
        ALTER TABLE score ADD COLUMN recent BLOB;
        ALTER TABLE score ADD COLUMN contest TEXT;

        CREATE TABLE choice (
            challenger TEXT PRIMARY KEY, standing TEXT NOT NULL, node TEXT NOT NULL, coder TEXT NOT NULL,
            hookpoint TEXT NOT NULL, latents INTEGER NOT NULL, coder_digest TEXT NOT NULL, latent INTEGER NOT NULL,
            reason TEXT NOT NULL, outcome TEXT NOT NULL, scores TEXT NOT NULL, epoch INTEGER NOT NULL,
            made INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX choice_by_latent ON choice (coder, latent);
        """

    /// What tells a damaged or unfinished segment from a sound one; `parts` and `checksum` are NULL in what was there before.
    private static let segmentChecksums = """
        ALTER TABLE segment ADD COLUMN is_complete INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE segment ADD COLUMN parts INTEGER;
        ALTER TABLE segment_part ADD COLUMN checksum INTEGER;
        """

    /// In which order jobs are done, and which are to be tried again at once: a request without a node or a latent is for all.
    private static let worthAndRetries = """
        ALTER TABLE job ADD COLUMN worth REAL NOT NULL DEFAULT 0;

        CREATE TABLE retry_request (
            id INTEGER PRIMARY KEY AUTOINCREMENT, node TEXT, latent INTEGER, made INTEGER NOT NULL
        ) STRICT;
        """

    /// Batches at servers, each with the 16 bytes of each of its questions, and the answers that came with them.
    private static let batches = """
        CREATE TABLE batch (
            place TEXT NOT NULL, file TEXT NOT NULL, batch TEXT, questions BLOB NOT NULL, made INTEGER NOT NULL,
            PRIMARY KEY (place, file)
        ) STRICT;

        CREATE TABLE batch_answer (
            question TEXT PRIMARY KEY, body BLOB NOT NULL, taken INTEGER NOT NULL DEFAULT 0, made INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX batch_answer_by_age ON batch_answer (made);
        """

    /// What persons have asked for and is not done yet, and the explanations that they have pinned.
    private static let requestsAndPins = """
        CREATE TABLE latent_request (
            id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, node TEXT NOT NULL, explained_by TEXT NOT NULL,
            coder TEXT NOT NULL, latent INTEGER NOT NULL, text TEXT, job TEXT, made INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE pin (
            explanation TEXT PRIMARY KEY, node TEXT NOT NULL, coder TEXT NOT NULL, latent INTEGER NOT NULL,
            made INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX pin_by_latent ON pin (coder, latent);
        """

    /// Which dead letters are sent to their topics again: `target` is the offset that one got, NULL while it is not known whether it
    /// was sent, and -1 if it was and the broker does not say where.
    private static let replays = """
        CREATE TABLE dead_letter_replay (
            letter INTEGER PRIMARY KEY, start INTEGER NOT NULL, target INTEGER, count INTEGER NOT NULL,
            made INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX dead_letter_replay_by_target ON dead_letter_replay (target);
        """

    private static let checkpointTables = """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE node (id TEXT PRIMARY KEY, digest TEXT NOT NULL, since INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE checkpoint (
            one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL, committed INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE fence (
            source TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL, next INTEGER NOT NULL,
            last_offset INTEGER, last_hash INTEGER, PRIMARY KEY (source, topic, partition),
            CHECK ((last_offset IS NULL) = (last_hash IS NULL))
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE segment (
            id INTEGER PRIMARY KEY AUTOINCREMENT, node TEXT NOT NULL, epoch INTEGER NOT NULL, is_base INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX segment_by_node ON segment (node, epoch);

        CREATE TABLE segment_part (
            segment INTEGER NOT NULL REFERENCES segment (id) ON DELETE CASCADE, part INTEGER NOT NULL,
            bytes BLOB NOT NULL, PRIMARY KEY (segment, part)
        ) STRICT;

        """

    private static let jobTables = """
        CREATE TABLE job (
            id TEXT PRIMARY KEY, node TEXT NOT NULL, kind TEXT NOT NULL, coder TEXT NOT NULL, latent INTEGER NOT NULL,
            payload BLOB NOT NULL, state TEXT NOT NULL CHECK (state IN ('open', 'done', 'failed')),
            attempts INTEGER NOT NULL DEFAULT 0, not_before INTEGER NOT NULL DEFAULT 0, reason TEXT,
            updated INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX job_by_state ON job (state, node, coder, latent);

        CREATE TABLE explanation (
            job TEXT PRIMARY KEY, node TEXT NOT NULL, coder TEXT NOT NULL, hookpoint TEXT NOT NULL,
            latents INTEGER NOT NULL, coder_digest TEXT NOT NULL, latent INTEGER NOT NULL, text TEXT NOT NULL,
            predicate TEXT, explainer TEXT NOT NULL, sampling TEXT NOT NULL, prompt_version TEXT NOT NULL, model TEXT,
            seed INTEGER NOT NULL, evidence_digest TEXT NOT NULL, epoch INTEGER NOT NULL, shown TEXT NOT NULL,
            made INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX explanation_by_latent ON explanation (coder, latent);

        CREATE TABLE score (
            job TEXT PRIMARY KEY, node TEXT NOT NULL, method TEXT NOT NULL, coder TEXT NOT NULL,
            hookpoint TEXT NOT NULL, latents INTEGER NOT NULL, coder_digest TEXT NOT NULL, latent INTEGER NOT NULL,
            explanation TEXT NOT NULL, explained_by TEXT NOT NULL, text TEXT NOT NULL,
            value REAL, lower REAL, upper REAL, count INTEGER, details TEXT NOT NULL, judged INTEGER NOT NULL,
            failed INTEGER NOT NULL, tokens_in INTEGER NOT NULL, tokens_out INTEGER NOT NULL, made INTEGER NOT NULL,
            CHECK ((value IS NULL) = (count IS NULL))
        ) STRICT;
        CREATE INDEX score_by_latent ON score (coder, latent);

        """

    private static let outgoingTables = """
        CREATE TABLE outbox (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, sink TEXT NOT NULL, topic TEXT NOT NULL, key BLOB NOT NULL,
            value BLOB NOT NULL, dedupe TEXT NOT NULL UNIQUE, sent INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX outbox_pending ON outbox (sequence) WHERE sent = 0;

        CREATE TABLE event (
            cursor INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, coder TEXT NOT NULL, latent INTEGER NOT NULL,
            json TEXT NOT NULL
        ) STRICT;
        CREATE INDEX event_by_latent ON event (coder, latent, cursor);

        CREATE TABLE dead_letter (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, topic TEXT NOT NULL,
            partition INTEGER NOT NULL, "offset" INTEGER NOT NULL, node TEXT NOT NULL, code TEXT NOT NULL,
            reason TEXT NOT NULL, value BLOB NOT NULL, made INTEGER NOT NULL,
            UNIQUE (source, topic, partition, "offset")
        ) STRICT;
        CREATE INDEX dead_letter_by_code ON dead_letter (code);
        """
}
