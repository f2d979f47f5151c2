internal import Elements

// What a reservoir that samples a part of the stream tells those that hold shares of the latents.

extension Reservoir {
    /// Takes what has changed of samples and pool since it was last taken, parted by the share that each latent belongs to, in pieces
    /// of about `limit` bytes at most; changes of the pool are in every share.
    ///
    /// Whoever has taken in all pieces of a share so far holds what this reservoir holds of the share's latents.
    public mutating func takeChanges(
        shares: Int, limit: Int, sharing: WorkSharing = .alone, share: @escaping (_ latent: Int) -> Int
    ) -> [[[UInt8]]] {
        settle(sharing: sharing)
        let pool = pool.entries.filter { $0.marks.contains(.unwritten) }.sorted { $0.slot < $1.slot }
        var chosen = [[Int]](repeating: [], count: max(0, shares))
        for latent in latents(where: { $1.gates[$2].changes.contains(.entries) }) {
            let share = share(latent)
            if chosen.indices.contains(share) { chosen[share].append(latent) }
        }
        let pieces = [[[UInt8]]](unsafeUninitializedCapacity: chosen.count) { [self] buffer, count in
            // Each share has a place of its own.
            let places = buffer
            sharing.perform(chosen.count) { number, _ in
                places.initializeElement(at: number, to: self.changes(of: chosen[number], pool, limit: limit))
            }
            count = chosen.count
        }
        markWritten(sharing: sharing)
        return pieces
    }

    /// What has changed of some latents, which are ascending, with entries of the pool, which are by slot.
    private func changes(of latents: [Int], _ pool: [PoolEntry], limit: Int) -> [[UInt8]] {
        var changed = ChangedEntries()
        for latent in latents { gather(changesOf: latent, into: &changed) }
        changed.sort(slots: windows.slotCount)
        var header = ByteWriter()
        header.raw(ChangesFormat.magic)
        header.byte(ChangesFormat.version)
        header.hash(identityHash)
        header.count(sample)
        header.day(latestDay)
        var writer = ChangesWriter(header: header.bytes, limit: limit)
        let entries = changed.inOrder
        var (next, pooled) = (0, pool[...])
        while next < entries.count || !pooled.isEmpty {
            let slot = min(next < entries.count ? entries[next].slot : .max, pooled.first?.slot ?? .max)
            var end = next
            while end < entries.count, entries[end].slot == slot { end += 1 }
            let own = pooled.first?.slot == slot ? pooled.removeFirst() : nil
            writer.write(tokens: windows.storage.written(slot), pool: own, entries[next..<end]) { entry in
                let firings = pages[place(of: Int(entry.latent)).page].samples.firings
                return Firing.slice(of: firings, at: Int(entry.firing))
            }
            next = end
        }
        writer.end()
        return writer.pieces
    }

    private func gather(changesOf latent: Int, into changed: inout ChangedEntries) {
        let place = place(of: latent)
        let samples = pages[place.page].samples
        samples.forEachEntry(of: place.latent) { list, index, firing in
            let entry = samples.entries[index]
            guard entry.isUnwritten else { return }
            changed.add(
                ChangedEntries.Entry(
                    slot: entry.slot, latent: Int32(truncatingIfNeeded: latent),
                    firing: UInt32(truncatingIfNeeded: firing), document: entry.document,
                    lists: SampleList.Choice(list)))
        }
    }

    /// Takes in what another reservoir has told by `takeChanges`.
    ///
    /// In any order and more than once: samples and pool depend on neither.
    ///
    /// - Throws: `EvidenceError` for what is damaged, foreign, or has latents that are not its own; it then changes nothing.
    public mutating func take(
        changes bytes: [UInt8], sharing: WorkSharing = .alone, owns: (_ latent: Int) -> Bool
    ) throws(EvidenceError) {
        let changes = try DecodedChanges(
            bytes, identity: identityHash, settings: settings, latents: coder.latents, owns: owns)
        hasChanges = true
        if changes.sample < sample { trim(to: changes.sample, sharing: sharing) }
        if let day = changes.latestDay { advance(to: day) }
        let slots = intern(changes.windows)
        let lists = ownLists(latestDay: changes.latestDay)
        let entries = hold(changes, slots, lists)
        let inboxes = (0..<sharing.members).map { _ in EntryInbox() }
        let (latestDay, limits) = (latestDay, limits)
        changePages(entries.pages.map(\.page), sharing: sharing) { page, index, windows, member in
            let inbox = inboxes[member.number]
            page.advance(to: latestDay, limits: limits, windows: windows, scratch: member.settling)
            for place in entries.pages[index].range {
                let entry = changes.entries[Int(entries.inOrder[place])]
                let slot = slots[Int(entry.window)]
                inbox.add(
                    changes.bytes, at: Int(entry.firing), of: Int(entry.latent), document: entry.document,
                    to: lists[Int(entry.lists.rawValue)], slot: slot, priority: windows.priority(of: slot),
                    isWritten: false)
                guard inbox.isFull else { continue }
                page.take(inbox, limits: limits, windows: windows, scratch: member.settling)
            }
            page.take(inbox, limits: limits, windows: windows, scratch: member.settling)
        }
        offerToPool(changes.pool, slots, areWritten: false)
        for slot in slots { windows.release(slot) }
    }

    /// By the bits of lists that were kept when `latestDay` was the latest day: the own lists for their entries, but for days that are
    /// over.
    private func ownLists(latestDay: Int64?) -> [SampleList.Choice] {
        let own = SampleList.allCases.map { list(for: $0, latestDay: latestDay) }
        return (0...ChangesFormat.lists).map { bits in
            zip(SampleList.allCases, own).reduce(into: []) { choice, pair in
                if let list = pair.1, bits & SampleList.Choice(pair.0).rawValue != 0 { choice.insert(.init(list)) }
            }
        }
    }

    /// Entries by page, those of one as they came.
    private struct PagedEntries {
        var inOrder: [Int32]
        var pages: [(page: Int, range: Range<Int>)]
    }

    /// Has windows held by the lists that entries are for, and puts these in the order of their pages; those for no list are left out.
    private mutating func hold(
        _ changes: DecodedChanges, _ slots: [UInt32], _ lists: [SampleList.Choice]
    ) -> PagedEntries {
        var starts = [Int](repeating: 0, count: pages.count + 1)
        for entry in changes.entries {
            let count = lists[Int(entry.lists.rawValue)].count
            guard count > 0 else { continue }
            windows.retain(slots[Int(entry.window)], count: UInt32(count))
            unwrittenEntries += count
            starts[Int(entry.latent) / LatentPage.latents + 1] += 1
        }
        for page in pages.indices { starts[page + 1] += starts[page] }
        let ranges = pages.indices.filter { starts[$0 + 1] > starts[$0] }.map { ($0, starts[$0]..<starts[$0 + 1]) }
        var inOrder = [Int32](repeating: 0, count: starts[pages.count])
        for (number, entry) in changes.entries.enumerated() where !lists[Int(entry.lists.rawValue)].isEmpty {
            let page = Int(entry.latent) / LatentPage.latents
            inOrder[starts[page]] = Int32(truncatingIfNeeded: number)
            starts[page] += 1
        }
        return PagedEntries(inOrder: inOrder, pages: ranges)
    }
}
