import Dataflow
import Elements
import Hashing
import Hummingbird
import LatentSheets
import Reports
import Store

/// `/api/v1/scores/{job}` and `/api/v1/compare`: one score with its verdicts, and nodes beside each other.
struct ScoreRoutes: Sendable {
    let state: ServedState
    let pool: ComputePool<Void>

    func add(to router: Router<BasicRequestContext>) {
        router.get("/api/v1/scores/{job}") { request, context in
            guard let sheets = state.served?.sheets else { return Answer.starting }
            do {
                try QueryReader(request).finish()
            } catch let fault as QueryReader.Fault {
                return Answer.badQuery(fault.message)
            }
            let name = context.parameters.get("job") ?? ""
            guard let sheet = try await Self.sheet(name, sheets, pool) else {
                return Answer.failure(.notFound, code: "unknown_score", Self.absence(of: name))
            }
            return Answer.json(try SheetJSON.text(sheet))
        }
        router.get("/api/v1/compare") { request, _ in
            guard let served = state.served else { return Answer.starting }
            do {
                let asked = try ComparisonQuery(request)
                let comparisons = try await Self.comparisons(asked, served, pool)
                return Answer.json(try ComparisonJSON.text(comparisons, hasLatents: asked.nodes != nil))
            } catch let fault as QueryReader.Fault {
                return Answer.badQuery(fault.message)
            } catch let error as ComparisonError {
                return Answer.failure(.notFound, code: "not_compared", error.description)
            }
        }
    }

    /// The score of a job's name; `nil` if there is none.
    static func sheet(_ name: String, _ sheets: ServedSheets, _ pool: ComputePool<Void>) async throws -> ScoreSheet? {
        guard let job = JobID(name) else { return nil }
        return try await pool.run { _ in try sheets.reader.score(of: job) }
    }

    /// That there is no such score, and where the names of scores are.
    static func absence(of name: String) -> String {
        "no score has the job \(name): the names are `job` of the scores at /api/v1/latents/{coder}/{latent}"
    }

    /// The comparisons of two nodes, or of all pairs.
    ///
    /// - Throws: `ComparisonError` if they cannot be compared; `StoreError`.
    static func comparisons(
        _ asked: ComparisonQuery, _ served: Served, _ pool: ComputePool<Void>
    ) async throws -> [NodeComparison] {
        let directory = served.reader.directory
        return try await pool.run { _ in
            try NodeComparisons(directory: directory, nodes: asked.nodes, method: asked.method).all
        }
    }
}

/// Which nodes are to be compared.
struct ComparisonQuery: Sendable {
    /// The two nodes; `nil` for all pairs.
    let nodes: (a: String, b: String)?
    /// The only method whose scores are compared; `nil` for all.
    let method: String?

    init(_ request: Request) throws(QueryReader.Fault) {
        var reader = QueryReader(request)
        let (a, b) = (reader.text("a"), reader.text("b"))
        method = reader.text("method")
        try reader.finish()
        switch (a, b) {
        case (let a?, let b?): nodes = (a, b)
        case (nil, nil): nodes = nil
        default: throw QueryReader.Fault(message: "`a` and `b` must both be given, or neither for all pairs")
        }
    }
}
