import ArgumentParser
import Corpus
import Evidence
import Foundation
import Inference
import Interchange
import LanguageModels
import LinearAlgebra
import Running
import SparseCoders
import Store
import TerminalText
import Testing
import Tokenization
import Topology
import WeightFiles

@testable import gloss

@Suite struct FailureKindTests {
    /// An error and the code that a command exits with for it.
    struct Case: Sendable, CustomTestStringConvertible {
        let error: any Error
        let code: Int32

        init(_ error: any Error, _ code: Int32) {
            self.error = error
            self.code = code
        }

        var testDescription: String { "\(code): \(error)" }
    }

    private static func weights(_ kind: WeightFileError.Kind) -> WeightFileError {
        WeightFileError(kind, file: "m.gguf", field: "file", found: "x", expected: "y")
    }

    private static let tryAgain: [Case] = [
        Case(StoreError.locked(path: "s", pid: 7), 75), Case(StoreError.busy(path: "s"), 75),
        Case(StoreError.copyStopped(path: "s"), 75), Case(StoreError.replayUnderWay(path: "s", pid: 7), 75),
        Case(DaemonError(.unavailable, "no broker"), 75), Case(InferenceError(.unreachable, "no judge"), 75),
        Case(InferenceError(.rateLimited, "slowly"), 75), Case(InferenceError(.budgetSpent, "spent"), 75),
    ]

    private static let neverSo: [Case] = [
        Case(DaemonError(.configuration, "too large"), 78),
        Case(StoreError.otherTopology(path: "s", stored: "a", given: "b"), 78),
        Case(StoreError.nodeChanged(path: "s", node: "evidence", changes: []), 78),
        Case(StoreError.nodeRemoved(path: "s", node: "evidence"), 78),
        Case(StoreError.otherSchema(path: "s", isNewer: true), 78), Case(StoreError.notGlossDatabase(path: "s"), 78),
        Case(StoreError.copyRefused(path: "s", reason: "a state is there"), 78),
        Case(StoreError.severalShares(path: "s", share: "shards-0-of-2"), 78),
        Case(StoreError.unjoinable(path: "s", reason: "shards-1-of-2 is missing"), 78),
        Case(StoreError.notADirectory(path: "/dev/null"), 78), Case(EvidenceError.foreignSegment, 78),
        Case(Self.weights(.format), 78), Case(ModelError.weightFile(Self.weights(.truncated)), 78),
        Case(ModelError.unknownHookpoint(name: "x", blocks: 2), 78),
        Case(CoderError.unknownFormat(folder: "f", expected: "a coder"), 78),
        Case(InferenceError(.refused, "no such model"), 78),
        Case(TopologyError.missingField(node: "n", field: "f"), 78),
        Case(LinearAlgebraError.unknownKernels(name: "mmx"), 78),
    ]

    private static let dataIsWrong: [Case] = [
        Case(DaemonError(.fence, "the topic ends earlier"), 65), Case(StoreError.damaged(path: "s", reason: "x"), 65),
        Case(EvidenceError.malformedSegment(offset: 3, "x"), 65),
        Case(CorpusError.truncatedGzip(path: "c", offset: 5), 65),
        Case(CorpusError.offsetBeyondEnd(path: "c", offset: 5, size: 3), 65),
        Case(CoderError.inputNotFinite(row: 0, column: 0, value: "nan"), 65),
    ]

    private static let lookAtTheMachine: [Case] = [
        Case(StoreError.diskFull(path: "s"), 74), Case(StoreError.diskRefused(path: "s", reason: "I/O error"), 74),
        Case(StoreError.notWritable(path: "s", reason: "read-only"), 74),
        Case(StoreError.unusable(path: "s", reason: "too many open files"), 74), Case(Self.weights(.machine), 74),
        Case(ModelError.weightFile(Self.weights(.machine)), 74), Case(TokenizerError(Self.weights(.machine)), 74),
        Case(CoderError.refused(file: "c", reason: "too many open files"), 74),
        Case(CorpusError.refused(path: "c", operation: "open", reason: "too many open files"), 74),
        Case(WriteFailure(code: ENOSPC), 74), Case(NSError(domain: NSPOSIXErrorDomain, code: Int(EMFILE)), 74),
    ]

    private static let others: [Case] = [
        Case(StoreError.missing(path: "s"), 66),
        Case(CorpusError.unreadable(path: "c", operation: "open", reason: "x"), 66),
        Case(NSError(domain: NSPOSIXErrorDomain, code: Int(ENOENT)), 66), Case(DaemonError(.runtime, "x"), 70),
        Case(StoreError.closed(path: "s"), 70), Case(CancellationError(), 70), Case(WriteFailure(code: EPIPE), 141),
        Case(ExitCode(1), 1),
    ]

    @Test(arguments: tryAgain + neverSo + dataIsWrong + lookAtTheMachine + others)
    func theCodeTellsWhatCanBeDone(failure: Case) {
        #expect(CommandEnding(failure.error).exitCode == failure.code)
    }

    /// A command that is given files blames them, unless something else is at fault.
    @Test(
        arguments: [
            Case(Self.weights(.format), 65), Case(CancellationError(), 65), Case(Self.weights(.machine), 74),
            Case(StoreError.busy(path: "s"), 75), Case(WriteFailure(code: EPIPE), 141),
            Case(OneStageError("line 3: not JSON"), 65), Case(OneStageError("disk full", .machine), 74),
        ])
    func whatIsGivenToACommandIsBlamedForTheRest(failure: Case) {
        #expect(CommandEnding(failure.error, given: .data).exitCode == failure.code)
    }

    @Test func aReaderThatHasGoneIsNothingToTellOfAndAFullDeviceIs() {
        #expect(CommandEnding(WriteFailure(code: EPIPE)).text == nil)
        #expect(
            CommandEnding(WriteFailure(code: ENOSPC)).text
                == "standard output cannot be written: No space left on device")
    }

    @Test func anErrorOfFoundationIsThatOfItsCause() {
        let cause = NSError(domain: NSPOSIXErrorDomain, code: Int(ENOSPC))
        let error = NSError(domain: NSCocoaErrorDomain, code: 640, userInfo: [NSUnderlyingErrorKey: cause])
        #expect(FailureKind(of: error) == .machine)
    }

    @Test func eachKindHasACodeAndAWordOfItsOwn() {
        #expect(Set(FailureKind.allCases.map(\.exitCode)).count == FailureKind.allCases.count)
        #expect(Set(FailureKind.allCases.map(\.name)).count == FailureKind.allCases.count)
    }
}
