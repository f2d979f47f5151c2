import Foundation
import GRDB
package import Hashing

/// A batch of questions at a server, whose answers are not kept yet.
package struct StoredBatch: Sendable, Hashable {
    /// The model and its server.
    package let place: String
    /// The id of the file of questions at the server.
    package let file: String
    /// The id of the batch there; `nil` if it is not known whether there is one.
    package let batch: String?
    /// The names of the questions.
    package let questions: [Hash128]
    /// When the file was uploaded, in seconds since 1970.
    package let made: Int64

    package init(place: String, file: String, batch: String?, questions: [Hash128], made: Int64) {
        self.place = place
        self.file = file
        self.batch = batch
        self.questions = questions
        self.made = made
    }
}

/// Where batches of questions, and the answers that came with them, are kept over restarts.
///
/// Every call blocks; a writing call is one transaction, and if it throws, nothing of it is kept.
package protocol StoredBatches: Sendable {
    /// The batches of a place, oldest first; forgets batches and answers of more than a month ago, which servers have too.
    func batches(of place: String) throws -> [StoredBatch]

    /// Keeps a batch, in place of what was kept under its file.
    func keep(_ batch: StoredBatch) throws

    /// Keeps the answers of a batch and forgets the batch.
    func keep(answers: [Hash128: [UInt8]], of batch: StoredBatch) throws

    /// An answer, and whether it was taken before; it is noted as taken.
    func takeAnswer(to question: Hash128) throws -> (body: [UInt8], wasTaken: Bool)?

    /// Forgets an answer.
    func forgetAnswer(to question: Hash128) throws
}

extension Store: StoredBatches {
    /// What is kept of batches and answers, in milliseconds.
    private static let longest: Int64 = 31 * 86_400_000

    package func batches(of place: String) throws -> [StoredBatch] {
        let oldest = now() - Self.longest
        return try write { database in
            try database.execute(sql: "DELETE FROM batch_answer WHERE made < ?", arguments: [oldest])
            try database.execute(sql: "DELETE FROM batch WHERE made < ?", arguments: [oldest / 1000])
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM batch WHERE place = ? ORDER BY made, file", arguments: [place])
            return rows.map { row in
                StoredBatch(
                    place: place, file: row["file"] as String? ?? "", batch: row["batch"] as String?,
                    questions: Self.hashes(in: row["questions"] as Data? ?? Data()), made: row["made"] as Int64? ?? 0)
            }
        }
    }

    package func keep(_ batch: StoredBatch) throws {
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO batch (place, file, batch, questions, made) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    batch.place.storable, batch.file.storable, batch.batch?.storable, Self.bytes(of: batch.questions),
                    batch.made,
                ])
        }
    }

    package func keep(answers: [Hash128: [UInt8]], of batch: StoredBatch) throws {
        let time = now()
        try write { database in
            let statement = try database.makeStatement(
                sql:
                    "INSERT OR REPLACE INTO batch_answer (question, body, made) VALUES (?, coalesce(?, zeroblob(0)), ?)"
            )
            for (question, body) in answers.sorted(by: { $0.key < $1.key }) {
                try statement.execute(arguments: [question.description, Data(body), time])
            }
            try database.execute(
                sql: "DELETE FROM batch WHERE place = ? AND file = ?",
                arguments: [batch.place.storable, batch.file.storable])
        }
    }

    package func takeAnswer(to question: Hash128) throws -> (body: [UInt8], wasTaken: Bool)? {
        // Asked of every question and there seldom, so no write is begun without one.
        let isThere = try connection.read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM batch_answer WHERE question = ?)",
                arguments: [question.description])
        }
        guard isThere == true else { return nil }
        return try write { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT body, taken FROM batch_answer WHERE question = ?",
                arguments: [question.description])
            guard let row else { return nil }
            let wasTaken = (row["taken"] as Int64? ?? 0) != 0
            if !wasTaken {
                try database.execute(
                    sql: "UPDATE batch_answer SET taken = 1 WHERE question = ?", arguments: [question.description])
            }
            return (Array(row["body"] as Data? ?? Data()), wasTaken)
        }
    }

    package func forgetAnswer(to question: Hash128) throws {
        try write { database in
            try database.execute(sql: "DELETE FROM batch_answer WHERE question = ?", arguments: [question.description])
        }
    }

    private static func bytes(of hashes: [Hash128]) -> Data {
        var bytes = Data(capacity: 16 * hashes.count)
        for word in hashes.flatMap({ [$0.high, $0.low] }) {
            withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    private static func hashes(in bytes: Data) -> [Hash128] {
        let bytes = Array(bytes)
        func word(_ start: Int) -> UInt64 { bytes[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) } }
        return (0..<(bytes.count / 16)).map { Hash128(high: word(16 * $0), low: word(16 * $0 + 8)) }
    }
}
