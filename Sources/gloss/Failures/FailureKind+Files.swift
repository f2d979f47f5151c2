import Corpus
import LanguageModels
import SparseCoders
import Tokenization
import Topology
import WeightFiles

extension CorpusError: StatesFailureKind {
    var failureKind: FailureKind {
        switch self {
        case .unreadable: .missing
        case .refused: .machine
        case .corruptGzip, .truncatedGzip, .offsetBeyondEnd, .offsetInsideLine: .data
        }
    }
}

extension WeightFileError: StatesFailureKind {
    // A topology that names a file which is not there, or not of its kind, is wrong; so is one of what is not built.
    var failureKind: FailureKind { kind == .machine ? .machine : .configuration }
}

extension TokenizerError: StatesFailureKind {
    var failureKind: FailureKind { kind == .machine ? .machine : .configuration }
}

extension ModelError: StatesFailureKind {
    var failureKind: FailureKind {
        switch self {
        case .weightFile(let error): error.failureKind
        case .unreadable, .unknownArchitecture, .setting, .unsupported, .missingTensor, .wrongShape, .unknownTensor,
            .notFinite, .unknownHookpoint, .noNeurons, .tokenOutOfRange, .placeOutOfRange, .contextTooLong, .noTokens,
            .sampling:
            .configuration
        case .batchIsFull, .cacheIsFull, .editFailed: .fault
        }
    }
}

extension CoderError: StatesFailureKind {
    var failureKind: FailureKind {
        switch self {
        case .refused: .machine
        case .unknownFormat, .unreadable, .setting, .tensor, .shape, .tooManyActive, .noSuchLatent, .missingHookpoint,
            .noDecoder, .notThere:
            .configuration
        case .inputNotFinite, .activationNotFinite: .data
        }
    }
}

extension TopologyError: StatesFailureKind {
    var failureKind: FailureKind { .configuration }
}
