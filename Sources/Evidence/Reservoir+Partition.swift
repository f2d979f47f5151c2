internal import Elements

extension Reservoir {
    /// Puts the pairs of some rows in the order of their pages, those of a page in the order of their rows.
    ///
    /// Each member counts and then moves the pairs of its own rows, and knows from all counts where they go.
    func partition(_ batch: CodeBatch, rows: Range<Int>, into scratch: AbsorbScratch, _ sharing: WorkSharing) {
        let (pageCount, members) = (pages.count, sharing.members)
        let firstPair = batch.rowStarts[rows.lowerBound]
        scratch.pairs.reserve(batch.rowStarts[rows.upperBound] - firstPair)
        scratch.next.fill(members * pageCount, with: 0)
        scratch.ends.reserve(pageCount)
        let next = scratch.next.base
        let shift = LatentPage.latents.trailingZeroBitCount
        let share = { (member: Int) in
            rows.lowerBound + rows.count * member / members..<rows.lowerBound + rows.count * (member + 1) / members
        }
        batch.latents.withUnsafeBufferPointer { latents in
            batch.activations.withUnsafeBufferPointer { activations in
                batch.rowStarts.withUnsafeBufferPointer { starts in
                    sharing.perform(members) { part, _ in
                        let own = share(part)
                        let counts = next + part * pageCount
                        for pair in starts[own.lowerBound]..<starts[own.upperBound] {
                            counts[Int(latents[pair]) >> shift] &+= 1
                        }
                    }
                    var sum: Int32 = 0
                    for page in 0..<pageCount {
                        for member in 0..<members {
                            let count = next[member * pageCount + page]
                            next[member * pageCount + page] = sum
                            sum &+= count
                        }
                        scratch.ends.base[page] = sum
                    }
                    let pairs = scratch.pairs.base
                    sharing.perform(members) { part, _ in
                        let own = share(part)
                        let places = next + part * pageCount
                        for row in own {
                            for pair in starts[row]..<starts[row + 1] {
                                let latent = Int(latents[pair])
                                let place = places + latent >> shift
                                (pairs + Int(place.pointee)).initialize(
                                    to: PagedPair(
                                        latent: UInt8(truncatingIfNeeded: latent & (LatentPage.latents - 1)),
                                        row: row - rows.lowerBound,
                                        activation: activations[pair]))
                                place.pointee &+= 1
                            }
                        }
                    }
                }
            }
        }
    }
}
