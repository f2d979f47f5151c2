import Dashboard
import Dataflow
import Elements
import Foundation
import LatentSheets
import PipelineSheets
import Serving
import Store

/// Where `gloss top` reads from; it is asked again and again.
enum TopSource: Sendable {
    /// A daemon.
    case daemon(String, token: String?)
    /// A state directory, opened once, and where it is.
    case stored(StoredSheets, ComputePool<Void>, directory: String)

    /// Opens a place; blocks.
    init(_ source: SheetSource) throws {
        switch source {
        case .daemon(let address, let token): self = .daemon(address, token: token)
        case .directory(let directory, let topology):
            // Opening a state goes to where its topology was run: a relative path means another place from then on.
            let directory = URL(fileURLWithPath: directory).path
            let stored = try StoredSheets(directory: directory, topology: topology) { Notice.write("top", $0) }
            self = .stored(stored, ComputePool(name: "top", threads: 1), directory: directory)
        }
    }

    /// What there is now, with the latents that a query finds.
    func reading(_ query: LatentQuery) async throws -> TopReading {
        switch self {
        case .daemon(let address, let token): try await Self.ask(address, token: token, query)
        case .stored(let stored, let pool, _):
            try await pool.run { _ in
                let overview = try stored.sheets.overview()
                let found = query.found(in: try stored.sheets.index())
                return TopReading(
                    pipeline: try stored.pipeline?.sheet(phase: ""), coders: overview.coders,
                    failures: overview.failures,
                    found: found.count, total: found.total,
                    latents: try stored.sheets.reader.filled(found.rows))
            }
        }
    }

    /// All that is known of one latent.
    func sheet(of key: LatentKey) async throws -> LatentSheet {
        switch self {
        case .daemon(let address, let token):
            try await SheetSource.daemon(address, token: token).sheet(of: key, examples: 6)
        case .stored(let stored, let pool, _):
            try await pool.run { _ in
                guard let sheet = try stored.sheets.reader.sheet(of: key, counts: .each(6)) else {
                    throw OneStageError("there is no latent \(key.written)")
                }
                return sheet
            }
        }
    }

    private struct List: Decodable {
        let total: Int
        let found: Int
        let latents: [LatentRow]
    }

    private static func ask(_ address: String, token: String?, _ query: LatentQuery) async throws -> TopReading {
        let pipeline = try await get(PipelineSheet.self, address, "/api/v1/pipeline", token)
        let overview = try await get(Overview.self, address, "/api/v1/overview", token)
        let list = try await get(List.self, address, path(of: query), token)
        return TopReading(
            pipeline: pipeline, coders: overview.coders, failures: overview.failures, found: list.found,
            total: list.total, latents: list.latents)
    }

    private static func get<Value: Decodable>(
        _ type: Value.Type, _ address: String, _ path: String, _ token: String?
    ) async throws -> Value {
        try SheetJSON.value(type, from: try await SheetSource.get(address, path, token: token))
    }

    private static func path(of query: LatentQuery) -> String {
        var items = ["sort=\(query.order.rawValue)", "desc=\(query.isDescending ? 1 : 0)", "limit=\(query.limit)"]
        if !query.words.isEmpty { items.append("q=\(PageLinks.encoded(query.words))") }
        return "/api/v1/latents?\(items.joined(separator: "&"))"
    }
}
