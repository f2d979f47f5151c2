package import Dataflow
package import Inference
package import Store

/// Keeps batches of questions and their answers in the store, off the cooperative pool.
package struct BatchStore: BatchKeeper {
    private let store: any StoredBatches
    private let disk: ComputePool<Void>

    /// Makes a keeper of a store; `disk` carries out its calls.
    package init(_ store: any StoredBatches, disk: ComputePool<Void>) {
        self.store = store
        self.disk = disk
    }

    package func batches(of place: String) async throws -> [BatchRecord] {
        try await disk.run { [store] _ in try store.batches(of: place) }.map { batch in
            BatchRecord(
                file: batch.file, batch: batch.batch, place: batch.place,
                questions: batch.questions.map(QuestionID.init),
                made: batch.made)
        }
    }

    package func keep(_ batch: BatchRecord) async throws {
        try await disk.run { [store] _ in try store.keep(StoredBatch(batch)) }
    }

    package func keep(_ answers: [QuestionID: [UInt8]], of batch: BatchRecord) async throws {
        let answers = Dictionary(answers.map { ($0.key.hash, $0.value) }) { first, _ in first }
        try await disk.run { [store] _ in try store.keep(answers: answers, of: StoredBatch(batch)) }
    }

    package func take(_ question: QuestionID) async throws -> KeptAnswer? {
        try await disk.run { [store] _ in
            try store.takeAnswer(to: question.hash).map { KeptAnswer(body: $0.body, wasTaken: $0.wasTaken) }
        }
    }

    package func forget(_ question: QuestionID) async throws {
        try await disk.run { [store] _ in try store.forgetAnswer(to: question.hash) }
    }
}

extension StoredBatch {
    fileprivate init(_ batch: BatchRecord) {
        self.init(
            place: batch.place, file: batch.file, batch: batch.batch, questions: batch.questions.map(\.hash),
            made: batch.made)
    }
}
