//! What the server says that it can do.

use tower_lsp::ls_types as lsp;

use super::convert;
use super::requests::FIX_ALL;
use super::requests::commands::COMMANDS;
use super::requests::shown::{KINDS, MARKS};

/// The capabilities for a client.
pub(super) fn of(client: &lsp::ClientCapabilities) -> lsp::ServerCapabilities {
    let sync = lsp::TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(lsp::TextDocumentSyncKind::INCREMENTAL),
        ..lsp::TextDocumentSyncOptions::default()
    };
    let pulls = client.text_document.as_ref().is_some_and(|able| able.diagnostic.is_some());
    lsp::ServerCapabilities {
        position_encoding: Some(convert::encoding_kind(convert::encoding(client))),
        text_document_sync: Some(lsp::TextDocumentSyncCapability::Options(sync)),
        diagnostic_provider: pulls.then(|| {
            lsp::DiagnosticServerCapabilities::Options(lsp::DiagnosticOptions {
                identifier: Some(String::from("idpc")),
                inter_file_dependencies: true,
                workspace_diagnostics: true,
                ..lsp::DiagnosticOptions::default()
            })
        }),
        hover_provider: Some(lsp::HoverProviderCapability::Simple(true)),
        document_symbol_provider: Some(lsp::OneOf::Left(true)),
        document_formatting_provider: Some(lsp::OneOf::Left(true)),
        document_range_formatting_provider: Some(lsp::OneOf::Left(true)),
        document_on_type_formatting_provider: Some(lsp::DocumentOnTypeFormattingOptions {
            first_trigger_character: String::from("}"),
            more_trigger_character: Some(vec![String::from("\n")]),
        }),
        completion_provider: Some(lsp::CompletionOptions {
            trigger_characters: Some([".", "=", "&", "@", "{", ":", "\""].map(String::from).into()),
            ..lsp::CompletionOptions::default()
        }),
        signature_help_provider: Some(lsp::SignatureHelpOptions {
            trigger_characters: Some(["{", ",", "=", "("].map(String::from).into()),
            ..lsp::SignatureHelpOptions::default()
        }),
        definition_provider: Some(lsp::OneOf::Left(true)),
        declaration_provider: Some(lsp::DeclarationCapability::Simple(true)),
        type_definition_provider: Some(lsp::TypeDefinitionProviderCapability::Simple(true)),
        references_provider: Some(lsp::OneOf::Left(true)),
        document_highlight_provider: Some(lsp::OneOf::Left(true)),
        rename_provider: Some(renames(client)),
        workspace_symbol_provider: Some(lsp::OneOf::Left(true)),
        call_hierarchy_provider: Some(lsp::CallHierarchyServerCapability::Simple(true)),
        folding_range_provider: Some(lsp::FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(lsp::SelectionRangeProviderCapability::Simple(true)),
        semantic_tokens_provider: Some(colors()),
        inlay_hint_provider: Some(lsp::OneOf::Left(true)),
        code_lens_provider: Some(lsp::CodeLensOptions { resolve_provider: Some(false) }),
        document_link_provider: Some(lsp::DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        }),
        code_action_provider: Some(lsp::CodeActionProviderCapability::Options(lsp::CodeActionOptions {
            code_action_kinds: Some(vec![
                lsp::CodeActionKind::QUICKFIX,
                lsp::CodeActionKind::REFACTOR_REWRITE,
                lsp::CodeActionKind::REFACTOR_EXTRACT,
                FIX_ALL,
            ]),
            ..lsp::CodeActionOptions::default()
        })),
        execute_command_provider: Some(lsp::ExecuteCommandOptions {
            commands: COMMANDS.iter().map(|name| (*name).to_owned()).collect(),
            ..lsp::ExecuteCommandOptions::default()
        }),
        workspace: Some(lsp::WorkspaceServerCapabilities {
            workspace_folders: Some(lsp::WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(lsp::OneOf::Left(true)),
            }),
            file_operations: moves(client),
        }),
        ..lsp::ServerCapabilities::default()
    }
}

/// A client that does not ask first is told nothing of asking.
fn renames(client: &lsp::ClientCapabilities) -> lsp::OneOf<bool, lsp::RenameOptions> {
    let rename = client.text_document.as_ref().and_then(|able| able.rename.as_ref());
    if rename.and_then(|able| able.prepare_support).unwrap_or(false) {
        lsp::OneOf::Right(lsp::RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        })
    } else {
        lsp::OneOf::Left(true)
    }
}

/// Folders are named in `idp.toml`, files are named nowhere.
fn moves(client: &lsp::ClientCapabilities) -> Option<lsp::WorkspaceFileOperationsServerCapabilities> {
    let able = client.workspace.as_ref()?.file_operations.as_ref()?.will_rename;
    let pattern = lsp::FileOperationPattern {
        glob: String::from("**"),
        matches: Some(lsp::FileOperationPatternKind::Folder),
        options: None,
    };
    let filters = vec![lsp::FileOperationFilter { scheme: Some(String::from("file")), pattern }];
    able.unwrap_or(false).then(|| lsp::WorkspaceFileOperationsServerCapabilities {
        will_rename: Some(lsp::FileOperationRegistrationOptions { filters }),
        ..lsp::WorkspaceFileOperationsServerCapabilities::default()
    })
}

fn colors() -> lsp::SemanticTokensServerCapabilities {
    lsp::SemanticTokensServerCapabilities::SemanticTokensOptions(lsp::SemanticTokensOptions {
        legend: lsp::SemanticTokensLegend {
            token_types: KINDS.iter().map(|kind| lsp::SemanticTokenType::new(kind)).collect(),
            token_modifiers: MARKS.iter().map(|mark| lsp::SemanticTokenModifier::new(mark)).collect(),
        },
        range: Some(true),
        full: Some(lsp::SemanticTokensFullOptions::Delta { delta: Some(true) }),
        ..lsp::SemanticTokensOptions::default()
    })
}
