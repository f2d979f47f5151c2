import Elements
import GRDB

/// Finds the nodes and latents that a wish is about, by what runs and what stands.
struct WishReading {
    private let wish: LatentWish
    /// The nodes that do such a thing, of the coder that is meant.
    private let takers: [RequestTaker]
    private let coder: String

    /// - Parameter takers: Every node that takes requests; `nil` if no topology has run.
    init(_ wish: LatentWish, takers all: [RequestTaker]?) throws(WishRefusal) {
        guard let all else {
            throw WishRefusal(.notTaken, "no daemon of this version has run on this state: start it once")
        }
        self.wish = wish
        let able = all.filter { $0.kinds.contains(wish.kind) }
        guard !able.isEmpty else { throw WishRefusal(.notTaken, Self.absence(of: wish.kind)) }
        var chosen = able
        if let node = wish.node {
            chosen = able.filter { $0.node == node }
            guard !chosen.isEmpty else {
                let isThere = all.contains { $0.node == node }
                throw WishRefusal(
                    isThere ? .notTaken : .unknown,
                    "\(isThere ? "node \(node) takes no such request" : "there is no node \(node) that takes requests"): "
                        + "there \(Self.list(able.map(\.node)))")
            }
        }
        if let coder = wish.coder {
            chosen = chosen.filter { $0.coder == coder }
            guard !chosen.isEmpty else {
                throw WishRefusal(
                    .unknown,
                    "no such node is of coder \(coder): there \(Self.list(able.map { "\($0.node) of \($0.coder)" }))")
            }
        }
        let coders = Set(chosen.map(\.coder))
        guard coders.count == 1, let coder = coders.first else {
            throw WishRefusal(.badBody, "say of which coder the latent is: there \(Self.list(coders.sorted()))")
        }
        if let total = chosen.map(\.latents).min(), let latent = wish.latents.first(where: { $0 >= total }) {
            throw WishRefusal(
                .unknown, "there is no latent \(latent): the coder has latents 0 to \(total - 1)")
        }
        takers = chosen
        self.coder = coder
    }

    /// The requests that the wish comes to.
    func requests(in database: Database) throws -> [NewRequest] {
        switch wish.kind {
        case .explain: try explaining(in: database)
        case .rescore: try rescoring(in: database)
        case .label: try labelling(in: database)
        case .pin: [try pinning(in: database)]
        case .unpin: try unpinning(in: database)
        }
    }

    private func explaining(in database: Database) throws -> [NewRequest] {
        try wish.latents.flatMap { latent -> [NewRequest] in
            var requests: [NewRequest] = []
            var pinned: WishRefusal?
            for taker in takers {
                if let refusal = try pinRefusal(of: latent, by: taker.node, in: database) {
                    pinned = refusal
                } else {
                    requests.append(request(taker.node, latent))
                }
            }
            // Nodes whose explanation is pinned are left out, if another can explain the latent.
            if requests.isEmpty, let pinned { throw pinned }
            return requests
        }
    }

    private func rescoring(in database: Database) throws -> [NewRequest] {
        let requests = try takers.flatMap { taker in
            try taker.explainers.flatMap { explainer in
                try wish.latents.filter { try isExplained($0, by: explainer, in: database) }.map {
                    request(taker.node, $0, explainedBy: explainer)
                }
            }
        }
        let found = Set(requests.map(\.latent.latent))
        if let latent = wish.latents.first(where: { !found.contains($0) }) {
            throw WishRefusal(.conflict, "nothing has been said of latent \(latent) that could be scored")
        }
        return requests
    }

    private func labelling(in database: Database) throws -> [NewRequest] {
        guard takers.count == 1, let taker = takers.first, let latent = wish.latents.first else {
            throw WishRefusal(.badBody, "say which `node` is to keep the label: there \(Self.list(takers.map(\.node)))")
        }
        if let refusal = try pinRefusal(of: latent, by: taker.node, in: database) { throw refusal }
        return [request(taker.node, latent, text: wish.text)]
    }

    private func pinning(in database: Database) throws -> NewRequest {
        let job = (wish.job ?? "").lowercased()
        let row = try Row.fetchOne(
            database, sql: "SELECT node, coder, latent, standing FROM explanation WHERE job = ?", arguments: [job])
        guard let row, let latent = wish.latents.first, row.integer("latent") == latent, row.text("coder") == coder
        else {
            throw WishRefusal(.unknown, "no explanation of this latent was made by a job \(wish.job ?? "")")
        }
        let node = row.text("node")
        guard takers.contains(where: { $0.node == node }) else {
            throw WishRefusal(.notTaken, "nothing challenges the explanations of \(node), so there is nothing to pin")
        }
        guard try stands(job, isChallenger: row["standing"] as String? != nil, in: database) else {
            throw WishRefusal(
                .conflict,
                "that explanation does not stand, and only what stands can be pinned; to have its words stand, give them as a label"
            )
        }
        return request(node, latent, job: job)
    }

    private func unpinning(in database: Database) throws -> [NewRequest] {
        let latent = wish.latents.first ?? 0
        let pinned = try takers.flatMap { taker in
            try pins(of: latent, by: taker.node, in: database).map { request(taker.node, latent, job: $0) }
        }
        guard !pinned.isEmpty else {
            throw WishRefusal(.conflict, "no explanation of latent \(latent) is pinned")
        }
        return pinned
    }

    private func request(
        _ node: String, _ latent: Int, explainedBy: String? = nil, text: String? = nil, job: String? = nil
    ) -> NewRequest {
        NewRequest(
            kind: wish.kind, node: node, explainedBy: explainedBy ?? node,
            latent: LatentKey(coder: coder, latent: latent), text: text, job: job)
    }

    /// The jobs of the explanations of a latent by a node that are pinned.
    private func pins(of latent: Int, by node: String, in database: Database) throws -> [String] {
        try String.fetchAll(
            database, sql: "SELECT explanation FROM pin WHERE node = ? AND coder = ? AND latent = ?",
            arguments: [node, coder, latent])
    }

    private func pinRefusal(of latent: Int, by node: String, in database: Database) throws -> WishRefusal? {
        guard try !pins(of: latent, by: node, in: database).isEmpty else { return nil }
        return WishRefusal(.conflict, "the explanation of latent \(latent) by \(node) is pinned: unpin it first")
    }

    private func isExplained(_ latent: Int, by node: String, in database: Database) throws -> Bool {
        try Bool.fetchOne(
            database,
            sql: "SELECT EXISTS (SELECT 1 FROM explanation WHERE coder = ? AND latent = ? AND node = ?)",
            arguments: [coder, latent, node]) ?? false
    }

    /// By the rule of `Incumbents`: a first one, or a challenger that won, stands until another takes its place.
    private func stands(_ job: String, isChallenger: Bool, in database: Database) throws -> Bool {
        func isDecided(by column: String) throws -> Bool {
            try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM choice WHERE \(column) = ? AND outcome = 'replaced')",
                arguments: [job])
                ?? false
        }
        if isChallenger, try !isDecided(by: "challenger") { return false }
        return try !isDecided(by: "standing")
    }

    private static func list(_ names: [String]) -> String {
        let names = Array(Set(names)).sorted()
        return "\(names.count == 1 ? "is" : "are") \(names.joined(separator: ", "))"
    }

    private static func absence(of kind: LatentRequest.Kind) -> String {
        switch kind {
        case .label:
            "no node of the topology keeps labels: add one, such as "
                + "`people: { type: explain, explainer: written, inputs: [evidence] }`, and have score nodes read it"
        case .explain: "no node of the topology explains latents by itself"
        case .rescore: "the topology has no score node"
        case .pin, .unpin: "no node of the topology makes explanations that others could replace"
        }
    }
}
