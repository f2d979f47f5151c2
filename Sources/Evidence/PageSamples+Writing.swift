internal import Elements

extension PageSamples {
    /// Writes the entries of a latent for which something holds, list after list.
    ///
    /// - Parameters:
    ///   - buffer: Memory for the work.
    ///   - isWanted: Whether an entry is written.
    func writeEntries(
        of latent: Int, to writer: inout ByteWriter, by buffer: WorkBuffer<UInt8>, places: WindowPlaces,
        where isWanted: (SampleEntry) -> Bool
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
                    for index in range where isWanted(entries[index]) { wanted += 1 }
                    LEB128.put(wanted, at: &next)
                    var previousPlace = -1
                    for index in range {
                        let end = firing + Firing.byteCount(in: firings, at: firing)
                        if wanted > 0, isWanted(entries[index]) {
                            let window = Int(places[entries[index].slot])
                            LEB128.put(window - previousPlace - 1, at: &next)
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
}
