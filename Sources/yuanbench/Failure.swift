import Checkpoints
import Evaluation
import Execution
import Hubs
import LanguageModels
import LocalGeneration
import Performance
import Precision
import RunRecords
import Server
import Tensors
import Tokenizers

/// Exit codes of every command, after `sysexits.h` where it has one.
enum Exit {
    static let usage: Int32 = 64
    static let badInput: Int32 = 65
    static let missing: Int32 = 69
    static let cannotWrite: Int32 = 74
    static let interrupted: Int32 = 130
}

/// A failure with its exit code and the sentence the user reads.
struct Failure: Error {
    var code: Int32
    var message: String

    init(_ code: Int32, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The exit code of an error that the layers below throw; nil for those of argument parsing.
    init?(explaining error: any Error) {
        switch error {
        case let error as EvaluationError:
            switch error.kind {
            case .badInput: self.init(Exit.badInput, error.message)
            case .unavailable: self.init(Exit.missing, error.message)
            case .cannotWrite: self.init(Exit.cannotWrite, error.message)
            }
        case let error as HubError:
            switch error.kind {
            case .badInput, .untrustworthy: self.init(Exit.badInput, error.message)
            case .unavailable: self.init(Exit.missing, error.message)
            case .cannotWrite: self.init(Exit.cannotWrite, error.message)
            }
        case is CheckpointError, is ModelError, is TokenizerError, is ReportError, is TensorError:
            self.init(Exit.badInput, "\(error)")
        case is PrecisionError: self.init(Exit.cannotWrite, "\(error)")
        case is EmbeddedModel.CannotUnpack: self.init(Exit.cannotWrite, "\(error)")
        case is BenchmarkFailure: self.init(Exit.badInput, "\(error)")
        case is ServerError: self.init(Exit.missing, "\(error)")
        case is BoxError: self.init(Exit.missing, "\(error)")
        default: return nil
        }
    }
}
