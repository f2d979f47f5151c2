import Foundation
import StateFixtures
import Store
import Testing

@testable import StateNotes

/// What stands in a state directory is read by every later version, whatever wrote it.
@Suite struct NoteFormTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    /// Writes a value, reads it after a restart, and writes what was read: the text must be the same.
    private func expectRoundTrip<Value: Equatable>(_ note: StateNote<Value>, _ value: Value) throws {
        try note.write(value, to: store)
        let text = try #require(try store.meta(note.key))
        #expect(try note.read(in: Store.reader(directory: directory.state)) == value)
        try note.write(value, to: store)
        #expect(try store.meta(note.key) == text)
    }

    @Test(arguments: [true, false]) func flagsComeBack(value: Bool) throws {
        try expectRoundTrip(EvidenceFlags.isExact, value)
        try expectRoundTrip(EvidenceFlags.isMixed, value)
        try expectRoundTrip(BudgetNote.isSpent, value)
    }

    @Test(arguments: ["Haswell panels-1 ragged", "", "ä\n\"\\ 🙂"]) func aTextComesBackAsItIs(text: String) throws {
        try expectRoundTrip(KernelNote.note, text)
    }

    @Test(arguments: [["a"], ["b", "a", "a-b", "a.b"]]) func namesComeBack(names: [String]) throws {
        try expectRoundTrip(RandomCoders.note, Set(names))
    }

    @Test func spendingComesBackByModel() throws {
        try expectRoundTrip(
            ModelSpend.note,
            [
                "org/judge:7b": ModelSpend(calls: 1, tokensIn: 2, tokensOut: 3, tokensCached: 4, cost: 0.1),
                "": ModelSpend(calls: .max, tokensIn: .max), "free": ModelSpend(),
            ])
        try expectRoundTrip(ModelSpend.note, [:])
    }

    @Test func namesAreKeptInOrderAndNoneRemovesTheKey() throws {
        try RandomCoders.note.write(["b", "c", "a"], to: store)
        #expect(try store.meta("coders.random") == "a b c")
        try store.setMeta("coders.random", " a  b ")
        #expect(try RandomCoders.note.read(in: store) == ["a", "b"])
        try RandomCoders.note.write([], to: store)
        #expect(try RandomCoders.note.read(in: store) == nil)
    }

    @Test(arguments: [("true", true), ("maybe", true), ("", true), ("false", false)])
    func onlyTheWordFalseMakesEvidenceInexact(text: String, isExact: Bool) throws {
        try store.setMeta("evidence.exact", text)
        #expect(try EvidenceFlags.isExact.read(in: store) == isExact)
    }

    @Test(arguments: ["false", "maybe", ""]) func onlyTheWordTrueMakesEvidenceMixed(text: String) throws {
        try store.setMeta("evidence.mixed", text)
        #expect(try EvidenceFlags.isMixed.read(in: store) == false)
    }

    @Test(arguments: ["", "{", "[]", #"{"judge":{}}"#, #"{"judge":{"calls":"2"}}"#])
    func aNoteOfAnotherFormIsAnErrorAndNotNothing(text: String) throws {
        try store.setMeta("spend", text)
        #expect(throws: DecodingError.self) { try ModelSpend.note.read(in: store) }
        try store.setMeta("skipped.nodes", "judged")
        try store.setMeta("skipped.judged", text)
        #expect(throws: DecodingError.self) { try SkippedLatents.notes.all(in: store) }
    }

    @Test func aListedNodeWithoutANoteIsPassedOver() throws {
        let skipped = SkippedLatents(
            node: "b", coder: nil, taken: 9, dead: 1, tooFew: 2, tooFewHeldOut: 3, tooDense: 4)
        try SkippedLatents.notes.write(skipped, of: "b", to: store)
        try store.setMeta("skipped.nodes", "a b c")
        #expect(try SkippedLatents.notes.all(in: store) == [skipped])
    }

    @Test func aNodeIsListedAfterItsNoteIsThere() throws {
        let keeper = LoggedNotes()
        let skipped = SkippedLatents(
            node: "a", coder: "codes", taken: 9, dead: 1, tooFew: 2, tooFewHeldOut: 3, tooDense: 4)
        try SkippedLatents.notes.write(skipped, of: "a", to: keeper)
        try SkippedLatents.notes.write(skipped, of: "a", to: keeper)
        #expect(keeper.keys == ["skipped.a", "skipped.nodes", "skipped.a"])
    }

    @Test func aRefusedWriteIsThrownAndListsNobody() {
        let keeper = LoggedNotes(refusing: "skipped.a")
        #expect(throws: Mishap.self) {
            try SkippedLatents.notes.write(
                SkippedLatents(node: "a", coder: nil, taken: 0, dead: 0, tooFew: 0, tooFewHeldOut: 0, tooDense: 0),
                of: "a", to: keeper)
        }
        #expect(keeper.keys.isEmpty)
    }

    @Test func aNameOfAStateIsKeptOverARestart() throws {
        let name = try StateName.name(in: store)
        #expect(!name.isEmpty && name.allSatisfy { $0.isNumber || ("a"..."z").contains($0) })
        try store.close()
        #expect(try StateName.name(in: directory.store()) == name)
    }
}
