package import Elements
package import Store

/// One line about each latent of a state: what lists, searches and counts are made of.
///
/// There may be millions of latents, of which a few are explained. So what every latent has is kept in columns, and rows only of those of
/// which something is stored; the row of another is made when it is looked at.
package struct LatentIndex: Sendable {
    /// The latents of one coder.
    struct Coder: Sendable {
        let name: String
        /// The places of its latents in the columns, by their numbers.
        let places: Range<Int>
    }

    /// The number of the last event that it rests on.
    package let cursor: Int64
    /// The names of coders with random directions.
    package let controls: Set<String>
    /// The rows of latents that have an explanation or a score, in the order of all rows.
    package private(set) var stored: [LatentRow] = []
    /// The coders, in the order of the topology.
    private(set) var coders: [Coder] = []
    /// How far each latent has come.
    private(set) var states: [LatentState] = []
    /// The place of each latent's row in `stored`; -1 if it has none.
    private(set) var rowPlaces: [Int32] = []
    /// The share of tokens at which each latent fires; not a number if no evidence is known.
    private(set) var densities: [Double] = []
    /// The largest activation of each latent; not a number likewise.
    private(set) var maxima: [Float] = []

    /// Reads all results of a state; blocks.
    ///
    /// - Parameters:
    ///   - coders: The coders, in the order of the topology.
    ///   - evidence: What a coder's reservoir holds; `nil` if that is not known.
    ///   - staleness: Finds what is due to be explained again; one that has been used before looks at less.
    package init(
        store: any StoreReading, coders: [any CoderKnowledge],
        evidence: (_ coder: String) -> EvidenceUpdate?, staleness: StalenessFinder = StalenessFinder()
    ) throws {
        self.init(
            try StoredRows(store: store), unfinished: try UnfinishedJobs(store: store), coders: coders,
            evidence: evidence, staleness: staleness)
    }

    /// Makes an index of what has been read.
    package init(
        _ stored: StoredRows, unfinished: UnfinishedJobs, coders: [any CoderKnowledge],
        evidence: (_ coder: String) -> EvidenceUpdate?, staleness: StalenessFinder
    ) {
        cursor = stored.cursor
        controls = Set(coders.filter(\.isRandom).map(\.identity.name))
        let count = coders.reduce(0) { $0 + max(0, $1.identity.latents) }
        states.reserveCapacity(count)
        rowPlaces.reserveCapacity(count)
        densities.reserveCapacity(count)
        maxima.reserveCapacity(count)
        for coder in coders {
            add(
                CoderStates(
                    of: coder, stored: stored, unfinished: unfinished, update: evidence(coder.identity.name),
                    staleness: staleness), of: coder.identity)
        }
    }

    private mutating func add(_ found: CoderStates, of coder: CoderIdentity) {
        let (start, tokens) = (states.count, found.tokens)
        found.forEach { finding in
            let density = finding.firing.map { firing in
                tokens.map { $0 > 0 ? Double(firing.tokens) / Double($0) : 0 } ?? .nan
            }
            states.append(finding.state)
            densities.append(density ?? .nan)
            maxima.append(finding.firing?.maximum ?? .nan)
            guard let place = finding.row else {
                rowPlaces.append(-1)
                return
            }
            rowPlaces.append(Int32(truncatingIfNeeded: stored.count))
            var row = found.rows[place]
            (row.state, row.stale) = (finding.state, finding.stale)
            (row.density, row.maximum) = (density, finding.firing.map { Double($0.maximum) })
            stored.append(row)
        }
        coders.append(Coder(name: coder.name, places: start..<states.count))
    }

    /// The place of a latent; `nil` if there is none of that name.
    func place(of key: LatentKey) -> Int? {
        for coder in coders where coder.name == key.coder && (0..<coder.places.count).contains(key.latent) {
            return coder.places.lowerBound + key.latent
        }
        return nil
    }

    /// The stored row of the latent in a place; `nil` if nothing is stored of it.
    func stored(at place: Int) -> LatentRow? { storedPlace(of: place).map { stored[$0] } }

    private func storedPlace(of place: Int) -> Int? {
        let stored = rowPlaces[place]
        return stored < 0 ? nil : Int(stored)
    }

    /// What is said of the latent in a place; `nil` if nothing is stored of it.
    func labels(at place: Int) -> [LatentRow.Label]? {
        storedPlace(of: place).map { stored[$0].labels }
    }

    /// The value of the score of the latent in a place by a score node or method; `nil` if it has none.
    func headline(at place: Int, by nodeOrMethod: String?) -> SheetFigure? {
        storedPlace(of: place).flatMap { stored[$0].headline(by: nodeOrMethod) }
    }

    /// The row of the latent in a place.
    func row(at place: Int) -> LatentRow {
        if let row = stored(at: place) { return row }
        let coder = coders.first { $0.places.contains(place) }
        let latent = place - (coder?.places.lowerBound ?? 0)
        var row = LatentRow(LatentKey(coder: coder?.name ?? "", latent: latent), state: states[place])
        row.density = densities[place].isNaN ? nil : densities[place]
        row.maximum = maxima[place].isNaN ? nil : Double(maxima[place])
        return row
    }

    /// The row of a latent; `nil` if there is none of that name.
    package func row(of key: LatentKey) -> LatentRow? { place(of: key).map(row(at:)) }

    /// The rows of some latents, in the order of all rows.
    package func rows(of keys: Set<LatentKey>) -> [LatentRow] { keys.compactMap(place(of:)).sorted().map(row(at:)) }

    /// The rows of all latents, by coder in the order of the topology and by number, each made when it is looked at.
    package var rows: Rows { Rows(index: self) }

    /// The rows of an index.
    package struct Rows: RandomAccessCollection, Sendable {
        fileprivate let index: LatentIndex

        package var startIndex: Int { 0 }
        package var endIndex: Int { index.states.count }
        package subscript(place: Int) -> LatentRow { index.row(at: place) }
    }
}
