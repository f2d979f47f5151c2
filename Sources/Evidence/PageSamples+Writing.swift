internal import Elements

extension PageSamples {
    /// Writes the entries of a latent for which something holds, list after list.
    ///
    /// - Parameters:
    ///   - buffer: Memory for the work.
    ///   - isWanted: Whether an entry is written, by its place among those of the page.
    func writeEntries(
        of latent: Int, to writer: inout ByteWriter, by buffer: WorkBuffer<UInt8>, places: WindowPlaces,
        where isWanted: (_ index: Int, _ entry: SampleEntry) -> Bool
    ) {
        let bytes =
            (latent + 1 < self.places.count ? self.places[latent + 1].firing : firings.count)
            - self.places[latent].firing
        // Of each entry the distance of its window and its document, of each list their number.
        buffer.reserve(bytes + 9 * self.places[latent].total + 5 * SampleList.allCases.count)
        var next = buffer.base
        var start = Int(self.places[latent].entry)
        var firing = self.places[latent].firing
        entries.withUnsafeBufferPointer { entries in
            firings.withUnsafeBytes { firings in
                for list in SampleList.allCases {
                    let range = start..<start + count(of: list, latent: latent)
                    start = range.upperBound
                    var wanted = 0
                    for index in range where isWanted(index, entries[index]) { wanted += 1 }
                    Self.put(wanted, at: &next)
                    var previousPlace = -1
                    for index in range {
                        let end = firing + Firing.byteCount(tokens: Int(firings[firing]) + 1)
                        if wanted > 0, isWanted(index, entries[index]) {
                            let window = Int(places[entries[index].slot])
                            Self.put(window - previousPlace - 1, at: &next)
                            previousPlace = window
                            UnsafeMutableRawPointer(next).storeBytes(
                                of: entries[index].document.value.littleEndian, as: UInt32.self)
                            next += 4
                            for offset in firing..<end {
                                next.initialize(to: firings[offset])
                                next += 1
                            }
                        }
                        firing = end
                    }
                }
            }
        }
        writer.raw(UnsafeBufferPointer(start: buffer.base, count: next - buffer.base))
    }

    /// Writes a number below 2³² as `ByteWriter.count` does.
    @inline(__always) private static func put(_ number: Int, at next: inout UnsafeMutablePointer<UInt8>) {
        var rest = number
        while rest >= 0x80 {
            next.initialize(to: UInt8(truncatingIfNeeded: rest) | 0x80)
            next += 1
            rest >>= 7
        }
        next.initialize(to: UInt8(truncatingIfNeeded: rest))
        next += 1
    }
}
