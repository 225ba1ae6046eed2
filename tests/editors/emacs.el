;; Emacs with the configuration that editors/README.md shows, and nothing else.
;; emacs -q --batch -l CONFIGURATION -l emacs.el; the workspace is in $WORKSPACE.  -*- lexical-binding: t -*-

(require 'eglot)
(require 'flymake)
(setq make-backup-files nil create-lockfiles nil)
;; A rename of several files is confirmed; here nobody can.
(defalias 'y-or-n-p #'always)

(defun expect (what holds)
  (let ((left 400))
    (while (and (> left 0) (not (funcall holds)))
      (accept-process-output nil 0.05)
      (setq left (1- left)))
    (when (= left 0)
      (message "emacs: not %s\n%s\n%s" what (buffer-string) (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
      (kill-emacs 1))
    (message "emacs: %s" what)))

(defun errors () (length (flymake-diagnostics)))
(defun has (pattern) (save-excursion (goto-char (point-min)) (re-search-forward pattern nil t)))
;; What a person's pause does, since nothing is idle in batch.
(defun pause ()
  (dolist (buffer (buffer-list))
    (with-current-buffer buffer
      (when (bound-and-true-p eglot--managed-mode)
        (eglot--signal-textDocument/didChange))))
  (flymake-start))
(defun change (from to)
  (goto-char (point-min))
  (re-search-forward from)
  (replace-match to t t)
  (pause))

(find-file (expand-file-name "services/shop/service.idp" (getenv "WORKSPACE")))
;; In batch no command ends, which is what `eglot-ensure' waits for.
(condition-case problem
    (run-hooks 'post-command-hook)
  (error (message "emacs: not the server runs: %s" problem) (kill-emacs 1)))
(expect "the server runs" #'eglot-current-server)
(expect "a diagnostic appears" (lambda () (= (errors) 1)))
(change "\"many\"" "8080")
(expect "it disappears" (lambda () (= (errors) 0)))

(goto-char (point-max))
(forward-line -1)
(insert "  memo")
(pause)
(completion-at-point)
(insert "\n")
(expect "completion is accepted" (lambda () (has "^ *memory")))
(change "^ *memory.*" "  memory = 512MiB")

(has "owner = ")
(goto-char (match-end 0))
(eglot-rename "billing")
(pause)
(expect "a rename changes the file" (lambda () (has "owner = billing")))
(save-some-buffers t)
(expect "and another one"
        (lambda ()
          (with-temp-buffer
            (insert-file-contents (expand-file-name "platform/teams.idp" (getenv "WORKSPACE")))
            (has "team billing {"))))
(expect "and nothing is wrong then" (lambda () (= (errors) 0)))

(change "port = 8080" "port=8080")
(eglot-format-buffer)
(expect "formatting is applied" (lambda () (has "^  port += +8080")))

(change "port " "prot ")
(expect "a misspelt field is found" (lambda () (> (errors) 0)))
(goto-char (point-min))
(re-search-forward "prot")
(let ((action (seq-find (lambda (action) (string-match-p "`port`" (plist-get action :title)))
                        (eglot-code-actions (match-beginning 0) (match-end 0)))))
  (eglot--apply-workspace-edit (plist-get action :edit)))
(pause)
(expect "a code action is applied" (lambda () (and (= (errors) 0) (not (has "prot")))))
(kill-emacs 0)
