internal import Elements

/// The lists of a page's latents: entries latent after latent, list after list in the order of `SampleList`, by
/// ascending priority; and their firings in the same order.
///
/// It is written as a whole when a page takes in its log, so that views share it as it is.
struct PageSamples: Sendable {
    /// Where a latent's entries and firings start, and how many entries its lists have.
    struct Place: Sendable {
        var firing: Int
        var entry: UInt32
        var counts = InlineArray<5, UInt16>(repeating: 0)

        var total: Int {
            var sum = 0
            for list in 0..<5 { sum += Int(counts[list]) }
            return sum
        }
    }

    var entries: [SampleEntry]
    let firings: [UInt8]
    let places: [Place]

    /// The lists of latents that have nothing.
    init(latents: Int) {
        entries = []
        firings = []
        places = Array(repeating: Place(firing: 0, entry: 0), count: latents)
    }

    init(entries: [SampleEntry], firings: [UInt8], places: [Place]) {
        self.entries = entries
        self.firings = firings
        self.places = places
    }

    var residentBytes: Int { entries.residentBytes + firings.residentBytes + places.residentBytes }

    /// The bytes of entries and firings.
    var byteCount: Int { entries.count * MemoryLayout<SampleEntry>.stride + firings.count }

    func count(of list: SampleList, latent: Int) -> Int { Int(places[latent].counts[list.rawValue]) }

    /// Where a list's entries stand.
    func range(of list: SampleList, latent: Int) -> Range<Int> {
        var start = Int(places[latent].entry)
        for index in 0..<list.rawValue { start += Int(places[latent].counts[index]) }
        return start..<start + count(of: list, latent: latent)
    }

    /// Shows each entry of a latent, list after list, with the start of its firing.
    func forEachEntry(of latent: Int, _ body: (_ list: SampleList, _ index: Int, _ firing: Int) -> Void) {
        var index = Int(places[latent].entry)
        var firing = places[latent].firing
        for list in SampleList.allCases {
            for _ in 0..<count(of: list, latent: latent) {
                body(list, index, firing)
                firing += Firing.byteCount(in: firings, at: firing)
                index += 1
            }
        }
    }

    /// The entries of a list with the starts of their firings.
    func placed(_ list: SampleList, latent: Int) -> [(entry: SampleEntry, firing: Int)] {
        var result: [(SampleEntry, Int)] = []
        forEachEntry(of: latent) { if $0 == list { result.append((entries[$1], $2)) } }
        return result
    }

    /// Notes that a latent's entries are in a segment.
    mutating func markWritten(latent: Int) {
        let start = Int(places[latent].entry)
        for index in start..<start + places[latent].total where entries[index].isUnwritten {
            entries[index].isUnwritten = false
        }
    }
}
