extension Reservoir {
    /// The entries, or as much, that a member writes at once.
    private static let entriesTogether = 1 << 15

    /// Writes how many latents there are and what members write about slices of them, in order.
    ///
    /// While members write about some slices, one of them hands over what was written about those before.
    ///
    /// - Parameters:
    ///   - entries: How much there is to write about a latent.
    ///   - write: Writes about latents, the last of which before was `previous`, or -1.
    func write(
        slicesOf latents: [Int], entries: (_ latent: Int) -> Int, _ sharing: WorkSharing, to writer: inout ByteWriter,
        _ write: @escaping (_ latents: ArraySlice<Int>, _ previous: Int, inout ByteWriter) -> Void
    ) {
        writer.count(latents.count)
        let all = Self.slices(of: latents, entries: entries)
        var written: [[UInt8]] = []
        var first = 0
        while first < all.count || !written.isEmpty {
            let slices = all[first..<min(first + 4 * sharing.members, all.count)]
            let before = written
            written = withUnsafeMutablePointer(to: &writer) { writer in
                [[UInt8]](unsafeUninitializedCapacity: slices.count) { buffer, initialized in
                    // Each piece writes to a place of its own, and only the first to the writer.
                    let places = buffer
                    sharing.perform(slices.count + 1) { piece, _ in
                        guard piece > 0 else { return before.forEach { writer.pointee.add($0) } }
                        let slice = slices[slices.startIndex + piece - 1]
                        var own = ByteWriter(capacity: 20 * Self.entriesTogether)
                        write(latents[slice], slice.lowerBound == 0 ? -1 : latents[slice.lowerBound - 1], &own)
                        places.initializeElement(at: piece - 1, to: own.bytes)
                    }
                    initialized = slices.count
                }
            }
            first = slices.endIndex
        }
    }

    private static func slices(of latents: [Int], entries: (_ latent: Int) -> Int) -> [Range<Int>] {
        var slices: [Range<Int>] = []
        var (start, count) = (0, 0)
        for (index, latent) in latents.enumerated() {
            count += 1 + entries(latent)
            guard count >= entriesTogether || index == latents.count - 1 else { continue }
            slices.append(start..<index + 1)
            (start, count) = (index + 1, 0)
        }
        return slices
    }
}
