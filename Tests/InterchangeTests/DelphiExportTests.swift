import Elements
import Foundation
import StateFixtures
import Store
import Testing

@testable import Interchange

/// Each token is a letter, and token 26 is none.
private struct Letters: TokenDecoder {
    let count = 26
    func bytes(of token: UInt32) -> [UInt8] { token < 26 ? [UInt8(97 + token)] : [] }
    func isSpecial(_ token: UInt32) -> Bool { false }
}

@Suite struct DelphiExportTests {
    private let state: ExportState

    init() throws { state = try ExportState() }

    private func export(coder: String? = nil, text: (any TokenDecoder)? = nil) throws -> DelphiExport.Account {
        try DelphiExport(state: state.directory.state, coder: coder, tokenDecoder: text).write(to: state.output)
    }

    private func keep(_ examples: [KeptVerdicts.Example], of number: UInt64) throws {
        try state.store.keep(verdicts: KeptVerdicts(examples: examples).bytes, of: Fixture.hash(number))
    }

    private static let yes = KeptVerdicts.Example(
        tokens: [7, 26, 8], marked: [true, false, false], isPositive: true, block: nil, isYes: false,
        probability: 0.25)
    private static let no = KeptVerdicts.Example(
        tokens: [1], marked: [], isPositive: false, block: 4, isYes: nil, probability: nil)

    @Test func filesAreNamedAfterHookpointAndLatentAndHoldTheTextAsJSON() throws {
        let coder = CoderIdentity(name: "codes", hookpoint: "model/layers.3", latents: 9, digest: Fixture.hash(3))
        try state.store.record(explanations: [
            ExportState.explanation(1, latent: 7, "a \"b\" / ü\\", coder: coder),
            ExportState.explanation(2, latent: 0, "dates", coder: coder),
        ])
        #expect(try export().explanations == 2)
        #expect(
            try state.files() == [
                "explanations/model--layers.3_latent7.txt": #""a \"b\" / ü\\""#,
                "explanations/model--layers.3_latent0.txt": #""dates""#,
            ])
    }

    @Test func anExampleHasItsMembersInOrderAndWhatIsMissingAsNull() throws {
        let explanation = ExportState.explanation(1, latent: 7, "dates")
        try state.store.record(explanations: [explanation], scores: [ExportState.score(5, of: explanation)])
        try keep([Self.yes, Self.no], of: 5)
        #expect(try export().scores == ["detection": 1])
        let ids =
            #"[{"activating":true,"correct":false,"distance":0,"highlights":[true,false,false],"#
            + #""prediction":false,"probability":0.25,"token_ids":[7,26,8]},"#
            + #"{"activating":false,"correct":null,"distance":-1,"prediction":null,"probability":null,"token_ids":[1]}]"#
        #expect(try state.files()["scores/detection/layers.10_latent7.txt"] == ids)
        _ = try export(text: Letters())
        let texts = ids.replacingOccurrences(of: #","token_ids":[7,26,8]"#, with: #","str_tokens":["h","","i"]"#)
            .replacingOccurrences(of: #","token_ids":[1]"#, with: #","str_tokens":["b"]"#)
        #expect(try state.files()["scores/detection/layers.10_latent7.txt"] == texts)
    }

    @Test func severalExplainersHaveAFolderEach() throws {
        try state.store.record(explanations: [
            ExportState.explanation(1, latent: 7, "dates"),
            ExportState.explanation(2, latent: 7, "days", node: "lexical"),
            ExportState.explanation(3, latent: 8, "names", node: "lexical"),
        ])
        #expect(try export().explanations == 3)
        #expect(
            try state.files().keys.sorted() == [
                "explanations_lexical/layers.10_latent7.txt", "explanations_lexical/layers.10_latent8.txt",
                "explanations_prose/layers.10_latent7.txt",
            ])
    }

    @Test func severalScorersOfAMethodHaveAFolderEach() throws {
        let prose = ExportState.explanation(1, latent: 7, "dates")
        let lexical = ExportState.explanation(2, latent: 7, "days", node: "lexical")
        try state.store.record(
            explanations: [prose, lexical],
            scores: [
                ExportState.score(5, of: prose), ExportState.score(6, of: lexical),
                ExportState.score(7, of: prose, node: "again"),
                ExportState.score(8, of: prose, node: "fuzzed", method: "fuzzing"),
            ])
        for number in 5...8 as ClosedRange<UInt64> { try keep([Self.no], of: number) }
        #expect(
            try export().scores == [
                "detection_judged_prose": 1, "detection_judged_lexical": 1, "detection_again_prose": 1, "fuzz": 1,
            ])
        #expect(try state.files().keys.filter { $0.hasPrefix("scores/fuzz/") } == ["scores/fuzz/layers.10_latent7.txt"])
    }

    @Test func theNewestOfALatentsExplanationsIsWrittenWithItsOwnScores() throws {
        // Neither challenges the other, as an older version left it.
        let old = ExportState.explanation(1, latent: 7, "old")
        let new = ExportState.explanation(2, latent: 7, "new", epoch: 5)
        try state.store.record(
            explanations: [new, old], scores: [ExportState.score(5, of: old), ExportState.score(6, of: new)])
        try keep([Self.yes], of: 5)
        try keep([Self.no], of: 6)
        let account = try export()
        #expect(account.explanations == 1 && account.scores == ["detection": 1] && account.withoutVerdicts == 0)
        #expect(try state.files()["explanations/layers.10_latent7.txt"] == #""new""#)
        #expect(try state.files()["scores/detection/layers.10_latent7.txt"]?.contains(#""activating":false"#) == true)
    }

    @Test func controlsOtherCodersAndOtherMethodsAreLeftOut() throws {
        let deep = CoderIdentity(name: "deep", hookpoint: "layers.20", latents: 9, digest: Fixture.hash(4))
        let (own, other) = (
            ExportState.explanation(1, latent: 7, "dates"), ExportState.explanation(2, latent: 7, "deep", coder: deep)
        )
        try state.store.record(
            explanations: [own, other, ExportState.explanation(3, latent: 9, "")],
            scores: [
                ExportState.score(5, of: own).with { $0.control = "shuffled" }, ExportState.score(6, of: other),
                ExportState.score(7, of: own, node: "executed", method: "execution"),
                ExportState.score(8, of: own, node: "divined", method: "divination"),
                ExportState.score(9, of: own),
            ])
        for number in 5...8 as ClosedRange<UInt64> { try keep([Self.no], of: number) }
        let account = try export(coder: "codes")
        #expect(account.otherMethods == 2 && account.withoutVerdicts == 1 && account.scores.isEmpty)
        #expect(try state.files().keys.sorted() == ["explanations/layers.10_latent7.txt"])
    }

    @Test func anotherExportReplacesTheFilesAndLeavesOthers() throws {
        let explanation = ExportState.explanation(1, latent: 7, "dates")
        try state.store.record(explanations: [explanation])
        _ = try export()
        let first = try state.files()
        try Data("mine".utf8).write(to: URL(fileURLWithPath: state.output + "/explanations/notes.txt"))
        try Data("spoilt".utf8).write(
            to: URL(fileURLWithPath: state.output + "/explanations/layers.10_latent7.txt"))
        _ = try export()
        #expect(try state.files() == first.merging(["explanations/notes.txt": "mine"]) { $1 })
    }

    @Test func aFolderThatCannotBeMadeIsNamedWithTheFile() throws {
        try state.store.record(explanations: [ExportState.explanation(1, latent: 7, "dates")])
        try Data().write(to: URL(fileURLWithPath: state.output))
        let error = try #require(throws: InterchangeError.self) { try export() }
        #expect(error.kind == .machine)
        #expect(
            error.description.hasPrefix("\(state.output)/explanations/layers.10_latent7.txt cannot be written: "))
    }

    @Test func verdictsThatCannotBeReadAreNamedByTheirJob() throws {
        let explanation = ExportState.explanation(1, latent: 7, "dates")
        try state.store.record(explanations: [explanation], scores: [ExportState.score(5, of: explanation)])
        try state.store.keep(verdicts: [9, 9], of: Fixture.hash(5))
        let error = try #require(throws: InterchangeError.self) { try export() }
        #expect(
            error.description == "the verdicts kept of job \(Fixture.hash(5)) cannot be read" && error.kind == .damaged)
    }
}
