internal import Elements

/// Entries of latents on their way to another reservoir, gathered latent after latent.
struct ChangedEntries {
    /// An entry of a latent in some of its lists.
    struct Entry {
        let slot: UInt32
        let latent: Int32
        /// Where the firing starts among those of the latent's page.
        let firing: UInt32
        let document: DocumentMark
        var lists: SampleList.Choice
    }

    /// The entries, window after window by slot, those of one by latent.
    private(set) var inOrder: [Entry] = []
    private var gathered: [Entry] = []

    /// Adds an entry of a latent that is not below those of earlier entries.
    mutating func add(_ entry: Entry) { gathered.append(entry) }

    /// Puts the entries in order; `slots` is above every slot.
    mutating func sort(slots: Int) {
        var places = [Int32](repeating: 0, count: slots + 1)
        for entry in gathered { places[Int(entry.slot) + 1] += 1 }
        for slot in 0..<slots { places[slot + 1] += places[slot] }
        inOrder = [Entry](unsafeUninitializedCapacity: gathered.count) { buffer, count in
            for entry in gathered {
                buffer.initializeElement(at: Int(places[Int(entry.slot)]), to: entry)
                places[Int(entry.slot)] += 1
            }
            count = gathered.count
        }
        gathered = []
    }
}
