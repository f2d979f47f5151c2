internal import Elements

extension PageSamples {
    /// Writes the entries of a latent for which something holds, list after list.
    ///
    /// - Parameter isWanted: Whether an entry is written, by its place among those of the page.
    func writeEntries(
        of latent: Int, to writer: inout ByteWriter, places: WindowPlaces,
        where isWanted: (_ index: Int, _ entry: SampleEntry) -> Bool
    ) {
        var start = Int(self.places[latent].entry)
        var firing = self.places[latent].firing
        entries.withUnsafeBufferPointer { entries in
            firings.withUnsafeBytes { firings in
                for list in SampleList.allCases {
                    let range = start..<start + count(of: list, latent: latent)
                    start = range.upperBound
                    var wanted = 0
                    for index in range where isWanted(index, entries[index]) { wanted += 1 }
                    writer.count(wanted)
                    var previousPlace = -1
                    for index in range {
                        let end = firing + Firing.byteCount(tokens: Int(firings[firing]) + 1)
                        if wanted > 0, isWanted(index, entries[index]) {
                            let window = Int(places[entries[index].slot])
                            writer.count(window - previousPlace - 1)
                            previousPlace = window
                            writer.word(entries[index].document.value)
                            writer.raw(UnsafeRawBufferPointer(rebasing: firings[firing..<end]))
                        }
                        firing = end
                    }
                }
            }
        }
    }
}
