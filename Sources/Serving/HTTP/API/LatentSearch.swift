import Dataflow
import LatentSheets

/// Carries out a query: by what labels mean as well, if that is asked.
struct LatentSearch: Sendable {
    let sheets: ServedSheets
    let meaning: (any MeaningSearch)?
    let pool: ComputePool<Void>

    /// The labels that are compared with a question at most: each is read by the encoder once.
    private static let most = 20_000

    /// What a query finds.
    struct Result: Sendable {
        let index: LatentIndex
        let found: LatentQuery.Found
    }

    /// Carries a query out.
    ///
    /// - Throws: `QueryReader.Fault` if it cannot be; what reading the state or the encoder throws.
    func result(of query: LatentQuery) async throws -> Result {
        let index = try await pool.run { [sheets] _ in try sheets.index() }
        let likeness = try await likeness(asked: query, in: index)
        return try await pool.run { _ in
            Result(index: index, found: query.found(in: index, likeness: likeness))
        }
    }

    private func likeness(asked query: LatentQuery, in index: LatentIndex) async throws -> [String: Double] {
        guard let question = query.meaning else {
            if query.order == .meaning {
                throw QueryReader.Fault(message: "`sort=meaning` needs `like`: a text that labels should mean")
            }
            return [:]
        }
        guard let meaning else {
            throw QueryReader.Fault(
                message: "`like` needs a sentence encoder in this process: give the topology a node with one, such as "
                    + "`method: embedding`, or search for words with `q`")
        }
        let labels = try await pool.run { _ in query.labels(in: index) }
        guard labels.count <= Self.most else {
            throw QueryReader.Fault(
                message:
                    "`like` compares at most \(Self.most) labels, and these are \(labels.count): narrow them by `coder`, "
                    + "`q`, `state` or a score")
        }
        let found = try await meaning.likeness(of: labels, to: question)
        return Dictionary(uniqueKeysWithValues: zip(labels, found))
    }
}
