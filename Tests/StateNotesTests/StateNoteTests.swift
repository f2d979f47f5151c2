import StateFixtures
import Store
import Testing

@testable import StateNotes

@Suite struct StateNoteTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func skipped(_ node: String, dead: Int) -> SkippedLatents {
        SkippedLatents(node: node, coder: "codes", taken: 9, dead: dead, tooFew: 1, tooFewHeldOut: 2, tooDense: 3)
    }

    @Test func whatIsWrittenStandsUnderItsKeyInTheFormThatEarlierVersionsWrote() throws {
        try EvidenceFlags.isExact.write(false, to: store)
        try EvidenceFlags.isMixed.write(true, to: store)
        try BudgetNote.isSpent.write(true, to: store)
        try KernelNote.note.write("Haswell panels-1 ragged", to: store)
        try RandomCoders.note.write(["noise", "chance"], to: store)
        try ModelSpend.note.write(
            ["judge": ModelSpend(calls: 2, tokensIn: 80, tokensOut: 4, tokensCached: 10)], to: store)
        #expect(try store.meta("evidence.exact") == "false" && store.meta("evidence.mixed") == "true")
        #expect(try store.meta("spend.budget") == "spent")
        #expect(try store.meta("kernel") == "Haswell panels-1 ragged")
        #expect(try store.meta("coders.random") == "chance noise")
        #expect(
            try store.meta("spend") == #"{"judge":{"calls":2,"tokensCached":10,"tokensIn":80,"tokensOut":4}}"#)
        try BudgetNote.isSpent.write(false, to: store)
        try RandomCoders.note.write([], to: store)
        #expect(try store.meta("spend.budget") == "open" && store.meta("coders.random") == nil)
    }

    @Test func whatEarlierVersionsWroteIsRead() throws {
        try store.setMeta("evidence.exact", "false")
        try store.setMeta("evidence.mixed", "true")
        try store.setMeta("spend.budget", "spent")
        try store.setMeta("spend", #"{"judge":{"calls":2,"cost":0.5,"tokensCached":10,"tokensIn":80,"tokensOut":4}}"#)
        try store.setMeta("coders.random", "chance noise")
        try store.setMeta("skipped.nodes", "judged")
        try store.setMeta(
            "skipped.judged", #"{"node":"judged","taken":9,"dead":4,"tooFew":1,"tooFewHeldOut":2,"tooDense":3}"#)
        let reader = try Store.reader(directory: directory.state)
        #expect(try EvidenceFlags.isExact.read(in: reader) == false)
        #expect(try EvidenceFlags.isMixed.read(in: reader) == true)
        #expect(try BudgetNote.isSpent.read(in: reader) == true)
        #expect(try ModelSpend.note.read(in: reader)?["judge"]?.cost == 0.5)
        #expect(try RandomCoders.note.read(in: reader) == ["chance", "noise"])
        let all = try SkippedLatents.notes.all(in: reader)
        #expect(all.map(\.dead) == [4] && all.map(\.coder) == [nil])
    }

    @Test func whatWasNeverWrittenIsNothing() throws {
        #expect(try EvidenceFlags.isExact.read(in: store) == nil && KernelNote.note.read(in: store) == nil)
        #expect(try SkippedLatents.notes.all(in: store).isEmpty && ModelSpend.note.read(in: store) == nil)
    }

    @Test func theNotesOfNodesAreReadInTheOrderOfTheirIdsTheLatestOfEach() throws {
        try SkippedLatents.notes.write(skipped("judged", dead: 1), of: "judged", to: store)
        try SkippedLatents.notes.write(skipped("fuzzed", dead: 2), of: "fuzzed", to: store)
        try SkippedLatents.notes.write(skipped("judged", dead: 3), of: "judged", to: store)
        #expect(try SkippedLatents.notes.all(in: store) == [skipped("fuzzed", dead: 2), skipped("judged", dead: 3)])
        #expect(try store.meta("skipped.nodes") == "fuzzed judged")
    }

    @Test func nodesThatWriteAtOnceAreAllListed() async throws {
        let nodes = (0..<16).map { "node-\($0)" }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for node in nodes {
                group.addTask { try SkippedLatents.notes.write(skipped(node, dead: 1), of: node, to: store) }
            }
            try await group.waitForAll()
        }
        #expect(try Set(SkippedLatents.notes.all(in: store).map(\.node)) == Set(nodes))
    }

    @Test func aStateKeepsItsNameAndAnotherHasAnother() throws {
        let name = try StateName.name(in: store)
        #expect(try StateName.name(in: store) == name && store.meta("state.name") == name)
        let other = try TemporaryDirectory()
        #expect(try StateName.name(in: other.store()) != name)
    }
}
