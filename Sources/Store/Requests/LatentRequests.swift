import Elements
import GRDB

/// Asks for something about latents, beside the daemon that owns a state directory or while none runs.
public enum LatentRequests {
    /// What was asked for.
    public struct Taken: Sendable, Hashable {
        /// The requests that were left, one for each node and latent.
        public let requests: Int
        /// The nodes that will do them, by id.
        public let nodes: [String]
    }

    /// Leaves a wish in a state directory, as a request for each node and latent that it is about; blocks.
    ///
    /// - Throws: `WishRefusal` if what runs cannot do it; `StoreError` as a reader of the directory does, and `otherSchema` for a
    ///   state that no daemon of this version has opened.
    @discardableResult
    public static func add(
        _ wish: LatentWish, directory: String, now: Int64 = Timestamp.now
    ) throws -> Taken {
        try wish.check()
        let outcome = try StateWriting.write(into: "latent_request", of: directory) {
            database -> Result<Taken, WishRefusal> in
            do {
                let note = try database.meta(RequestTaker.key)
                let requests = try WishReading(wish, takers: RequestTaker.read(note)).requests(in: database)
                for request in requests { try request.insert(at: now, into: database) }
                return .success(
                    Taken(requests: requests.count, nodes: Set(requests.map(\.node)).sorted()))
            } catch let refusal as WishRefusal {
                return .failure(refusal)
            }
        }
        return try outcome.get()
    }
}

/// A request that has no number yet.
struct NewRequest {
    let kind: LatentRequest.Kind
    let node: String
    let explainedBy: String
    let latent: LatentKey
    var text: String?
    var job: String?

    func insert(at time: Int64, into database: Database) throws {
        let row: RowValues = [
            "kind": kind.rawValue, "node": node, "explained_by": explainedBy, "coder": latent.coder,
            "latent": latent.latent, "text": text?.storable, "job": job, "made": time,
        ]
        try row.insert(into: "latent_request", database)
    }
}
