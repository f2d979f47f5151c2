import Inference
import Kafka
import LinearAlgebra
import Running
import Serving
import Shuffle
import TerminalText

extension DaemonError: StatesFailureKind {
    var failureKind: FailureKind {
        switch kind {
        case .configuration: .configuration
        case .fence: .data
        case .unavailable: .temporary
        case .runtime: .fault
        }
    }
}

extension KafkaError: StatesFailureKind {
    // A topic may be made later; what does not pass by itself is a wrong setting or permission.
    var failureKind: FailureKind {
        if isRetriable || isUnknownTopic { return .temporary }
        return isOffsetOutOfRange ? .data : .configuration
    }
}

extension InferenceError: StatesFailureKind {
    var failureKind: FailureKind {
        switch kind {
        case .unreachable, .timedOut, .rateLimited, .serverFailure, .unavailable, .garbled, .budgetSpent, .cancelled:
            .temporary
        case .refused, .unsupported, .tooLong: .configuration
        case .badAnswer: .data
        }
    }
}

extension ShuffleError: StatesFailureKind {
    var failureKind: FailureKind {
        switch self {
        case .noPlace: .configuration
        case .malformedBatch: .fault
        }
    }
}

extension ServingError: StatesFailureKind {
    var failureKind: FailureKind { .configuration }
}

extension LinearAlgebraError: StatesFailureKind {
    var failureKind: FailureKind {
        switch self {
        case .wrongProduct, .reexecutionFailed: .machine
        case .unknownKernels, .missingInstructions: .configuration
        }
    }
}

extension WriteFailure: StatesFailureKind {
    var failureKind: FailureKind { .machine }
}
