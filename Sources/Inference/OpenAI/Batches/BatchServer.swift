import Dataflow
import Foundation

/// Asks a server for what batches need.
///
/// Source: OpenAI API reference, "Files" and "Batch".
struct BatchServer: Sendable {
    /// How its other addresses are asked.
    let exchange: OpenAIExchange
    /// The seconds since 1970.
    let now: @Sendable () -> Int64
    /// Reads files: some are of a hundred megabytes.
    let reading: ComputePool<Void>

    /// Throws kind `unsupported` if the connection's endpoint is no usable address.
    init(_ connection: OpenAIConnection) throws(InferenceError) {
        exchange = try OpenAIExchange(connection, path: "/batches")
        now = connection.now
        reading = ComputePool(name: "batches", threads: 1)
    }

    /// The address that a batch's questions are for, as it stands in files.
    static let questions = "/v1/chat/completions"
    /// The most bytes of a file of answers.
    private static let mostBytes = 512 << 20
    /// Files take their time.
    private static let fileTime = Duration.seconds(600)
    /// The most pages of its list of batches, each of a hundred, that are looked through.
    private static let pages = 20

    private var batches: String { exchange.address + "/batches" }
    private var files: String { exchange.address + "/files" }

    /// Uploads a file of questions and returns its id.
    func upload(_ lines: [UInt8]) async throws(InferenceError) -> String {
        // Each line is JSON, so that no line of it begins with two hyphens.
        let boundary = "gloss-questions"
        let head = """
            --\(boundary)\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n\
            --\(boundary)\r\nContent-Disposition: form-data; name="file"; filename="gloss.jsonl"\r\n\
            Content-Type: application/jsonl\r\n\r\n
            """
        let body = Array(head.utf8) + lines + Array("\r\n--\(boundary)--\r\n".utf8)
        let call = HTTPCall(
            url: files, contentType: "multipart/form-data; boundary=\(boundary)", body: body,
            minimumTimeout: Self.fileTime)
        return try await exchange.answer(to: call) { (body, excerpt) throws(InferenceError) in
            struct File: Decodable { let id: String }
            guard let file = try? JSONDecoder().decode(File.self, from: Data(body)) else {
                throw InferenceError(.badAnswer, "the endpoint's answer is no file: \(excerpt.text(body))")
            }
            return file.id
        }
    }

    /// Makes a batch of a file; sent once, for who sends it twice may pay twice.
    func create(file: String) async throws(InferenceError) -> BatchStatus {
        let fields = [
            "input_file_id": file, "endpoint": Self.questions, "completion_window": "24h",
        ]
        guard let body = try? JSONEncoder().encode(fields) else {
            throw InferenceError(.unsupported, "the file's id cannot be written as JSON")
        }
        let call = HTTPCall(url: batches, body: Array(body), isRepeatable: false)
        return try await exchange.answer(to: call) { (body, excerpt) throws(InferenceError) in
            try BatchStatus(body, excerpt: excerpt)
        }
    }

    /// How far a batch is.
    func look(at batch: String) async throws(InferenceError) -> BatchStatus {
        let call = get("\(batches)/\(try Self.path(batch))")
        return try await exchange.answer(to: call) { (body, excerpt) throws(InferenceError) in
            try BatchStatus(body, excerpt: excerpt)
        }
    }

    /// The batch that was made of a file; `nil` if the server's list has none.
    func find(file: String) async throws(InferenceError) -> BatchStatus? {
        var after = ""
        for _ in 0..<Self.pages {
            let page = try await page(after: after)
            if let found = page.data.first(where: { $0.inputFile == file }) { return found }
            guard page.hasMore == true, let last = page.data.last else { return nil }
            after = "&after=\(try Self.path(last.id))"
        }
        return nil
    }

    /// Fails as the server does if it has no batches.
    func check() async throws(InferenceError) {
        _ = try await exchange.answer(to: get("\(batches)?limit=1")) { (body, excerpt) throws(InferenceError) in
            try Self.page(body, excerpt)
        }
    }

    private func page(after: String) async throws(InferenceError) -> BatchPage {
        try await exchange.answer(to: get("\(batches)?limit=100\(after)")) { (body, excerpt) throws(InferenceError) in
            try Self.page(body, excerpt)
        }
    }

    private static func page(_ body: [UInt8], _ excerpt: Excerpt) throws(InferenceError) -> BatchPage {
        guard let page = try? JSONDecoder().decode(BatchPage.self, from: Data(body)) else {
            throw InferenceError(.badAnswer, "the endpoint's answer is no list of batches: \(excerpt.text(body))")
        }
        return page
    }

    /// The outcomes of a batch's questions, out of both its files.
    func outcomes(
        of status: BatchStatus, _ questions: [QuestionID]
    ) async throws(InferenceError) -> [QuestionID: BatchFile.Outcome] {
        let wanted = Set(questions)
        var outcomes: [QuestionID: BatchFile.Outcome] = [:]
        for file in [status.outputFile, status.errorFile].compactMap(\.self) where !file.isEmpty {
            var call = get("\(files)/\(try Self.path(file))/content")
            call.maximumResponseBytes = Self.mostBytes
            call.minimumTimeout = Self.fileTime
            call.givesJSON = false
            let body = try await exchange.answer(to: call) { (body, _) throws(InferenceError) in body }
            let (excerpt, time) = (exchange.excerpt, now())
            do {
                let found = try await reading.run { _ in
                    BatchFile.outcomes(in: body, of: wanted, excerpt: excerpt, now: time)
                }
                // An answer is more than what was said in place of one.
                outcomes.merge(found) { first, second in if case .answer = first { first } else { second } }
            } catch {
                throw InferenceError(.cancelled, "the work was called off")
            }
        }
        return outcomes
    }

    private func get(_ url: String) -> HTTPCall { HTTPCall(method: "GET", url: url, contentType: nil) }

    /// An id as a part of an address.
    private static func path(_ id: String) throws(InferenceError) -> String {
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-_."))
        guard !id.isEmpty, id.utf8.count <= 512, let path = id.addingPercentEncoding(withAllowedCharacters: allowed),
            path != ".", path != ".."
        else { throw InferenceError(.badAnswer, "the endpoint gave an id that cannot stand in an address") }
        return path
    }
}
