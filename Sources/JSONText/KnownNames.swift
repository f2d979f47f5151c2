/// The names of an object's members, to find one that comes twice.
///
/// Names are compared by their bytes: two that Unicode holds equal, such as an é in one scalar and in two, differ. A
/// few are compared one by one; for more there is a table by hash, keyed anew in each process, so that no file can be
/// made whose names all collide.
struct KnownNames {
    /// Eight bytes, since reading a vocabulary is slowed most by touching memory.
    private struct Slot {
        var hash: UInt32 = 0
        /// The number of the member, from 1; 0 if the slot is empty.
        var member: UInt32 = 0
    }

    private static let few = 8

    /// Open addressing with linear probing; a power of two, at least a third empty.
    private var slots: [Slot] = []

    /// Notes the name of the member that comes next; if one of the members has it, nothing is noted but that one's index given.
    mutating func insert(_ name: String, after members: [JSONValue.Member]) -> Int? {
        guard members.count >= Self.few else {
            return members.firstIndex { $0.key == name && $0.key.utf8.elementsEqual(name.utf8) }
        }
        if slots.isEmpty {
            slots = [Slot](repeating: Slot(), count: 4 * Self.few)
            for (index, member) in members.enumerated() {
                place(Slot(hash: Self.hash(member.key), member: UInt32(index + 1)))
            }
        } else if members.count >= slots.count / 3 * 2 {
            grow()
        }
        let hash = Self.hash(name)
        var place = Int(hash) & (slots.count - 1)
        while slots[place].member > 0 {
            let slot = slots[place]
            let index = Int(slot.member) - 1
            if slot.hash == hash, members[index].key.utf8.elementsEqual(name.utf8) { return index }
            place = (place + 1) & (slots.count - 1)
        }
        slots[place] = Slot(hash: hash, member: UInt32(truncatingIfNeeded: members.count + 1))
        return nil
    }

    private mutating func grow() {
        let known = slots
        slots = [Slot](repeating: Slot(), count: 2 * known.count)
        for slot in known where slot.member > 0 { place(slot) }
    }

    private mutating func place(_ slot: Slot) {
        var place = Int(slot.hash) & (slots.count - 1)
        while slots[place].member > 0 { place = (place + 1) & (slots.count - 1) }
        slots[place] = slot
    }

    private static func hash(_ name: String) -> UInt32 {
        var name = name
        var hasher = Hasher()
        name.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }
}
