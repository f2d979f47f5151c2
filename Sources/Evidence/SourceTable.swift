internal import Elements
internal import Hashing

/// The sources that are told apart: of all that were seen those whose names hash lowest, each in a place of its own.
///
/// The highest hash that is kept only falls, so a source that is kept at the end was kept from its first token on: its
/// counts are complete, whatever the order in which sources came.
struct SourceTable: Sendable {
    /// The most sources told apart.
    static let capacity = 8
    /// The most Unicode scalars of a name that are kept.
    static let nameLength = 100

    struct Source: Sendable, Hashable {
        let name: String
        let hash: UInt64
        var tokens: UInt64 = 0
        var contexts: UInt64 = 0
    }

    /// By place; `nil` if none is taken yet.
    private(set) var places = [Source?](repeating: nil, count: SourceTable.capacity)
    /// The place of the source that was asked for last, which is most often the next one too.
    private var latest: (name: String, place: Int?)?

    /// The places taken, in the order of their names.
    var byName: [(place: Int, source: Source)] {
        places.enumerated().compactMap { place, source in source.map { (place, $0) } }
            .sorted { $0.source.name < $1.source.name }
    }

    func place(of name: String) -> Int? { places.firstIndex { $0?.name == name } }

    /// The place of a source, `nil` if it is not among the lowest; `cleared` is a place that another had until now.
    mutating func admit(_ name: String) -> (place: Int?, cleared: Int?) {
        if let latest, latest.name == name { return (latest.place, nil) }
        let short = String(String.UnicodeScalarView(name.unicodeScalars.prefix(Self.nameLength)))
        var (found, cleared) = (place(of: short), Int?.none)
        if found == nil {
            var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: false)
            hasher.update(text: short)
            let source = Source(name: short, hash: hasher.finalize64())
            if let vacant = places.firstIndex(where: { $0 == nil }) {
                found = vacant
            } else if let last = places.indices.max(by: { precedes(places[$0], places[$1]) }),
                precedes(source, places[last])
            {
                (found, cleared) = (last, last)
            }
            if let found { places[found] = source }
        }
        latest = (name, found)
        return (found, cleared)
    }

    private func precedes(_ left: Source?, _ right: Source?) -> Bool {
        guard let left, let right else { return left != nil }
        return (left.hash, left.name) < (right.hash, right.name)
    }

    /// Counts a context.
    mutating func count(tokens: Int, at place: Int) {
        places[place]?.contexts &+= 1
        places[place]?.tokens &+= UInt64(tokens)
    }

    /// Adds what another part of the stream saw.
    mutating func add(_ other: Source, at place: Int) {
        places[place]?.tokens &+= other.tokens
        places[place]?.contexts &+= other.contexts
    }

    /// Takes the totals of a later state of the same source.
    mutating func replace(tokens: UInt64, contexts: UInt64, at place: Int) {
        places[place]?.tokens = tokens
        places[place]?.contexts = contexts
    }
}
