import Dataflow
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import LatentSheets
import NIOCore
import Running
import Store
import Topology

/// `POST /api/v1/reload` (also `/reload`) and `POST /api/v1/retry`; `RequestGuard` lets through who may ask.
struct WriteRoutes: Sendable {
    let access: WriteAccess
    let readiness: Readiness
    let pool: ComputePool<Void>

    /// The most bytes of a request's body.
    static let largestBody = 16 << 10

    private struct Reloaded: Encodable {
        struct Change: Encodable {
            let path: String
            let change: String
            let line: Int
            let column: Int
        }

        let v = LatentSheet.version
        let outcome: String
        let changes: [Change]
    }

    private struct Refused: Encodable {
        struct Fault: Encodable {
            let code: String
            let message: String
        }
        struct Finding: Encodable {
            let code: String
            let message: String
            let help: String?
            let line: Int?
            let column: Int?
        }

        let error: Fault
        let diagnostics: [Finding]
    }

    private struct Retried: Encodable {
        let v = LatentSheet.version
        let jobs: Int
    }

    func add(to router: Router<BasicRequestContext>) {
        for path in ["/reload", "/api/v1/reload"] {
            router.post(RouterPath(path)) { _, _ in try await reload() }
        }
        router.post("/api/v1/retry") { request, _ in try await retry(request) }
    }

    private func reload() async throws -> Response {
        guard readiness.phase != .starting else { return Answer.starting }
        access.log("asked to read the topology's file again")
        switch await access.reload() {
        case .unchanged: return try json(Reloaded(outcome: "unchanged", changes: []))
        case .applied(let changes):
            let changes = changes.map { change in
                Reloaded.Change(
                    path: change.path, change: "\(change)", line: change.mark.line, column: change.mark.column)
            }
            return try json(Reloaded(outcome: "applied", changes: changes))
        case .refused(let diagnostics):
            let findings = diagnostics.map { diagnostic in
                Refused.Finding(
                    code: diagnostic.code, message: diagnostic.message, help: diagnostic.help,
                    line: diagnostic.mark?.line, column: diagnostic.mark?.column)
            }
            let message = "the file is refused, and what ran goes on"
            return try json(
                Refused(error: .init(code: "refused", message: message), diagnostics: findings),
                status: .unprocessableContent)
        case .failed(let reason): return Answer.failure(.conflict, code: "not_taken", reason)
        }
    }

    private func retry(_ request: Request) async throws -> Response {
        guard readiness.phase != .starting else { return Answer.starting }
        let wanted: RetryBody
        do {
            var request = request
            let bytes = try await request.collectBody(upTo: Self.largestBody)
            wanted = try RetryBody(Data(bytes.readableBytesView))
        } catch let fault as RetryBody.Fault {
            return Answer.failure(.badRequest, code: "bad_body", fault.message)
        } catch {
            return Answer.failure(
                .contentTooLarge, code: "too_large", "a request's body may have \(Self.largestBody) bytes")
        }
        let directory = access.directory
        let count = try await pool.run { _ in
            try RetryRequests.add(directory: directory, node: wanted.node, latents: wanted.latents)
        }
        access.log("asked to try \(count) \(count == 1 ? "job" : "jobs") again that failed or wait for another try")
        return try json(Retried(jobs: count))
    }

    private func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Answer.json(try SheetJSON.text(value), status: status)
    }
}

/// Which jobs are to be tried again: `{"node": "detected", "latents": [17]}`, each of which may be left out.
struct RetryBody: Sendable {
    let node: String?
    let latents: [Int]

    /// A body that cannot be read.
    struct Fault: Error {
        let message: String
    }

    /// Reads a body; an empty one means all jobs.
    init(_ bytes: Data) throws(Fault) {
        guard !bytes.isEmpty else {
            (node, latents) = (nil, [])
            return
        }
        guard let object = (try? JSONSerialization.jsonObject(with: bytes)) as? [String: Any] else {
            throw Fault(message: "the body must be a JSON object such as {\"node\": \"detected\", \"latents\": [17]}")
        }
        if let unknown = object.keys.sorted().first(where: { !["node", "latents"].contains($0) }) {
            throw Fault(message: "`\(unknown)` is not known here: there are `node` and `latents`")
        }
        guard object["node"] == nil || object["node"] is String else { throw Fault(message: "`node` must be a text") }
        let latents = object["latents"].map { $0 as? [Int] } ?? []
        guard let latents, latents.allSatisfy({ $0 >= 0 }) else {
            throw Fault(message: "`latents` must be a list of whole numbers of at least 0")
        }
        node = object["node"] as? String
        self.latents = latents
    }
}
