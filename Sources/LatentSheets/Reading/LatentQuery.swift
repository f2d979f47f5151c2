import Dataflow
package import Store

/// Which latents a list shows, and in which order.
package struct LatentQuery: Sendable, Hashable {
    /// By what latents are put in order.
    package enum Order: String, Sendable, Hashable, CaseIterable {
        /// By coder and number.
        case latent
        /// By score, those without one last.
        case score
        /// By how often they fire.
        case density
        /// By their largest activation.
        case maximum
        /// By how near labels are to what is meant, the nearest first.
        case meaning
        /// What needs to be looked at first: what failed, then what is stale, then what scores worst.
        case attention
    }

    /// The coder; `nil` for all.
    package var coder: String?
    /// Words that labels or the number must hold, all of them, whatever their case; empty for any.
    package var words = ""
    /// What labels should mean, in whatever words; `nil` if that is not asked.
    package var meaning: String?
    /// The latents, if only these are meant; empty for any.
    package var keys: Set<LatentKey> = []
    /// The states; empty for any.
    package var states: Set<LatentState> = []
    /// The score node or method whose scores are meant; `nil` for the first that a latent has.
    package var scorer: String?
    /// The least score.
    package var leastScore: Double?
    /// The largest score.
    package var mostScore: Double?
    /// The largest share of tokens at which a latent fires.
    package var mostDensity: Double?
    /// The order.
    package var order = Order.latent
    /// Whether the order is turned round; what has no value stays last.
    package var isDescending = false
    /// How many are passed over.
    package var offset = 0
    /// The most that are shown.
    package var limit = 100

    /// All latents, in order.
    package init() {}

    /// What a list shows of an index.
    package struct Found: Sendable {
        /// The latents shown.
        package let rows: [LatentRow]
        /// All that are found.
        package let count: Int
        /// All that there are.
        package let total: Int

        init(rows: [LatentRow], count: Int, total: Int) {
            self.rows = rows
            self.count = count
            self.total = total
        }

        /// A list that shows all of some latents.
        package init(showing rows: [LatentRow]) {
            self.init(rows: rows, count: rows.count, total: rows.count)
        }
    }

    /// The latents of an index that are found.
    ///
    /// - Parameter likeness: How near a label is to what is meant, by its text.
    package func found(in index: LatentIndex, likeness: [String: Double] = [:]) -> Found {
        let (total, kept) = kept(in: index)
        let (start, size) = (max(offset, 0), max(limit, 0))
        let end = start.addingReportingOverflow(size).overflow ? Int.max : start + size
        let ordered: [Int]
        if order == .latent {
            ordered = isDescending ? kept.reversed() : kept
        } else {
            let (first, others) = first(end, of: kept, in: index, likeness: likeness)
            ordered = first + others
        }
        let page = ordered.dropFirst(start).prefix(size)
        return Found(rows: page.map(index.row(at:)), count: kept.count, total: total)
    }

    /// Each label once of the latents that are found, whatever it means.
    package func labels(in index: LatentIndex) -> [String] {
        let rows = kept(in: index).places.lazy.compactMap(index.stored(at:))
        return Set(rows.flatMap { $0.labels.map(\.text) }).subtracting([""]).sorted()
    }

    /// The places that a core looks at before it takes others.
    private static let part = 1 << 15

    /// How many latents are meant at all, and the places of those of them that are found, in order.
    private func kept(in index: LatentIndex) -> (total: Int, places: [Int]) {
        let wanted = words.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
        var total = 0
        var kept: [Int] = []
        for meant in index.coders where coder == nil || meant.name == coder {
            total += meant.places.count
            let names = NameSearch(wanted, coder: meant.name)
            let words = LabelWords(wanted, coder: meant.name)
            let places: [Int]
            if keys.isEmpty {
                places = Array(meant.places)
            } else {
                places = keys.filter { $0.coder == meant.name }.compactMap(index.place(of:)).sorted()
            }
            let parts = stride(from: 0, to: places.count, by: Self.part).map {
                places[$0..<min($0 + Self.part, places.count)]
            }
            kept += parts.concurrentMap { part in
                part.filter { matches($0, of: meant, in: index, words, names) }
            }.joined()
        }
        return (total, kept)
    }

    private func matches(
        _ place: Int, of coder: LatentIndex.Coder, in index: LatentIndex, _ words: LabelWords, _ names: NameSearch
    ) -> Bool {
        guard states.isEmpty || states.contains(index.states[place]) else { return false }
        if let mostDensity {
            let density = index.densities[place]
            if (density.isNaN ? 0 : density) > mostDensity { return false }
        }
        if leastScore != nil || mostScore != nil {
            guard let value = index.headline(at: place, by: scorer)?.value else { return false }
            if let leastScore, value < leastScore { return false }
            if let mostScore, value > mostScore { return false }
        }
        guard !words.isEmpty else { return true }
        let latent = place - coder.places.lowerBound
        guard let labels = index.labels(at: place), !labels.isEmpty else { return names.finds(latent) }
        return words.areAll(
            in: labels.lazy.map(\.text), orName: LatentKey(coder: coder.name, latent: latent).written)
    }

    /// The first places by what the query puts them in order by, as many as are wanted, and enough of those without a value, which come
    /// last, to go on with.
    func first(
        _ count: Int, of places: some Sequence<Int>, in index: LatentIndex, likeness: [String: Double] = [:]
    ) -> (valued: [Int], others: [Int]) {
        var first = FirstPlaces(count, isDescending: isDescending)
        var others: [Int] = []
        for place in places {
            if let value = value(of: place, in: index, likeness) {
                first.take(value, at: place)
            } else if others.count < count {
                others.append(place)
            }
        }
        return (first.places, others)
    }

    /// What latents are put in order by, the lowest first; `nil` for one that has none of it.
    private func value(of place: Int, in index: LatentIndex, _ likeness: [String: Double]) -> Double? {
        switch order {
        case .latent: return Double(place)
        case .density: return index.densities[place].isNaN ? nil : index.densities[place]
        case .maximum: return index.maxima[place].isNaN ? nil : Double(index.maxima[place])
        case .score: return index.headline(at: place, by: scorer)?.value
        case .meaning:
            return index.labels(at: place)?.compactMap { likeness[$0.text] }.max().map { 1 - $0 }
        case .attention:
            // What fails comes before everything, then what is stale, then what scores low by the upper end of its interval.
            switch index.states[place] {
            case .failed: return -.infinity
            case .stale: return -.greatestFiniteMagnitude
            default: return index.headline(at: place, by: scorer)?.upper
            }
        }
    }
}
