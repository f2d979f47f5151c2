/// What is kept of a batch from its upload until its answers are.
package struct BatchRecord: Sendable, Hashable {
    /// The id of the uploaded file, by which the record is known.
    package let file: String
    /// The id of the batch; `nil` if it is not known whether one was made of the file.
    package var batch: String?
    /// The model and the address of its server.
    package let place: String
    /// The questions.
    package let questions: [QuestionID]
    /// When the file was uploaded, in seconds since 1970.
    package let made: Int64

    /// Makes a record.
    package init(file: String, batch: String? = nil, place: String, questions: [QuestionID], made: Int64) {
        self.file = file
        self.batch = batch
        self.place = place
        self.questions = questions
        self.made = made
    }
}

/// An answer out of a batch, as it is kept.
package struct KeptAnswer: Sendable, Hashable {
    /// The body, as a server answers a chat.
    package let body: [UInt8]
    /// Whether it was given to somebody before, and so charged.
    package let wasTaken: Bool

    /// Makes an answer.
    package init(body: [UInt8], wasTaken: Bool) {
        self.body = body
        self.wasTaken = wasTaken
    }
}

/// Where batches and their answers are kept over restarts.
package protocol BatchKeeper: Sendable {
    /// The batches of a model whose answers are not kept yet.
    func batches(of place: String) async throws -> [BatchRecord]
    /// Keeps a batch, in place of what was kept under its file.
    func keep(_ batch: BatchRecord) async throws
    /// Keeps the answers of a batch and forgets it, in one transaction.
    func keep(_ answers: [QuestionID: [UInt8]], of batch: BatchRecord) async throws
    /// The answer to a question, which is noted as taken; `nil` if there is none.
    func take(_ question: QuestionID) async throws -> KeptAnswer?
    /// Forgets an answer that is of no use.
    func forget(_ question: QuestionID) async throws
}
