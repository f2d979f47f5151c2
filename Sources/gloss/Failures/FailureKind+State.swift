import Evidence
import Interchange
import Reports
import Store

extension StoreError: StatesFailureKind {
    var failureKind: FailureKind {
        switch self {
        case .locked, .busy, .copyStopped, .replayUnderWay: .temporary
        case .notWritable, .unusable, .diskFull, .diskRefused, .tooManyFiles, .database, .copyDiffers: .machine
        case .missing: .missing
        case .notADirectory, .otherTopology, .nodeChanged, .nodeRemoved, .otherSchema, .notGlossDatabase,
            .copyRefused, .severalShares, .unjoinable:
            .configuration
        case .damaged, .damagedSegment: .data
        case .closed, .staleEpoch, .epochNotCommitted, .unknownJob, .unstorable: .fault
        }
    }
}

extension EvidenceError: StatesFailureKind {
    var failureKind: FailureKind {
        switch self {
        case .malformedSegment: .data
        case .setting, .segmentVersion, .foreignSegment, .foreignReservoir: .configuration
        case .malformedBatch: .fault
        }
    }
}

extension InterchangeError: StatesFailureKind {
    var failureKind: FailureKind {
        switch kind {
        case .configuration: .configuration
        case .damaged: .data
        case .machine: .machine
        }
    }
}

extension ComparisonError: StatesFailureKind {
    // What is named is not there to compare.
    var failureKind: FailureKind { .configuration }
}
