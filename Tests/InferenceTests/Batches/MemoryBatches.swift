import Synchronization

@testable import Inference

/// What is kept of batches, in memory: it outlives the desks of a test.
final class MemoryBatches: BatchKeeper {
    struct Refusal: Error {}

    private struct Kept {
        var batches: [String: BatchRecord] = [:]
        var answers: [QuestionID: (body: [UInt8], wasTaken: Bool)] = [:]
        /// The writes that are still carried out; after these the process is as good as dead.
        var writes = Int.max

        mutating func write() throws {
            guard writes > 0 else { throw Refusal() }
            if writes != .max { writes -= 1 }
        }
    }

    private let kept = Mutex(Kept())

    var records: [BatchRecord] { kept.withLock { $0.batches.values.sorted { $0.file < $1.file } } }
    var answers: Int { kept.withLock { $0.answers.count } }
    func allow(_ writes: Int) { kept.withLock { $0.writes = writes } }

    func batches(of place: String) async throws -> [BatchRecord] { records.filter { $0.place == place } }

    func keep(_ batch: BatchRecord) async throws {
        try kept.withLock { kept in
            try kept.write()
            kept.batches[batch.file] = batch
        }
    }

    func keep(_ answers: [QuestionID: [UInt8]], of batch: BatchRecord) async throws {
        try kept.withLock { kept in
            try kept.write()
            for (question, body) in answers { kept.answers[question] = (body, false) }
            kept.batches[batch.file] = nil
        }
    }

    func take(_ question: QuestionID) async throws -> KeptAnswer? {
        kept.withLock { kept in
            guard let answer = kept.answers[question] else { return nil }
            kept.answers[question]?.wasTaken = true
            return KeptAnswer(body: answer.body, wasTaken: answer.wasTaken)
        }
    }

    func forget(_ question: QuestionID) async throws { kept.withLock { $0.answers[question] = nil } }
}
