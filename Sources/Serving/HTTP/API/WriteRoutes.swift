import Dataflow
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import LatentSheets
import Running
import Store
import Topology

/// `POST /api/v1/reload` (also `/reload`) and `POST /api/v1/retry`; `RequestGuard` lets through who may ask.
struct WriteRoutes: Sendable {
    let access: WriteAccess
    let readiness: Readiness
    let pool: ComputePool<Void>

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
        guard let bytes = await RequestBody.bytes(of: request) else { return Answer.largeBody }
        let wanted: RetryBody
        do {
            wanted = try RetryBody(bytes)
        } catch {
            return Answer.badBody(error)
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

    /// Reads a body; an empty one means all jobs.
    init(_ bytes: Data) throws(RequestBody.Fault) {
        let body = try RequestBody(
            bytes, members: ["node", "latents"], example: "{\"node\": \"detected\", \"latents\": [17]}")
        node = try body.text("node")
        latents = try body.latents("latents") ?? []
    }
}
