;; The notes with Liberator on Ring, before the migration.
(ns before
  (:require [clojure.data.json :as json]
            [clojure.string :as string]
            [liberator.core :refer [defresource]]
            [liberator.representation :refer [ring-response]]
            [ring.adapter.jetty :refer [run-jetty]]))

(def notes (atom {"1" {:id "1" :text "Hello" :version 1}}))
(def last-id (atom 1))

(defn pause [] (Thread/sleep (Long/parseLong (or (System/getenv "PAUSE") "0")))) ; as a database would take

(defn write? [ctx] (#{:put :post} (get-in ctx [:request :request-method])))

(defn json? [ctx]
  (or (not (write? ctx))
      (= "application/json" (first (string/split (get-in ctx [:request :headers "content-type"] "") #";")))))

;; The content is read here, since a write that begins cannot answer 400.
(defn malformed? [ctx]
  (when (and (write? ctx) (json? ctx))
    (try
      (let [in (json/read-str (slurp (get-in ctx [:request :body])) :key-fn keyword)]
        (if (and (map? in) (string? (:text in "")))
          [false {::text (:text in "")}]
          true))
      (catch Exception _ true))))

(def common
  {:available-media-types ["application/json" "text/plain"]
   :malformed? malformed?
   :known-content-type? json?
   :processable? (fn [ctx] (or (not (write? ctx)) (seq (::text ctx))))
   :etag (fn [ctx] (some-> (::note ctx) :version str))})

(defn show [ctx]
  (if (= "text/plain" (get-in ctx [:representation :media-type]))
    (:text (::note ctx))
    (json/write-str (::note ctx))))

(defresource note [id]
  common
  :allowed-methods [:get :head :put :delete :options]
  :exists? (fn [_]
             (let [found (@notes id)]
               (pause)
               (when found {::note found})))
  :can-put-to-missing? false
  :handle-not-implemented (fn [_] (ring-response {:status 404 :body "Resource not found."}))
  :put! (fn [ctx]
          (let [n {:id id :text (::text ctx) :version (inc (:version (::note ctx)))}]
            (swap! notes assoc id n)
            {::note n}))
  :new? false ; else a PUT is 201
  :respond-with-entity? (fn [ctx] (write? ctx))
  :delete! (fn [_] (swap! notes dissoc id) {::note nil})
  :handle-ok show)

(defresource list-of-notes
  common
  :allowed-methods [:post :options]
  :post! (fn [ctx]
           (let [id (str (swap! last-id inc))
                 n {:id id :text (::text ctx) :version 1}]
             (swap! notes assoc id n)
             {::note n}))
  :location (fn [ctx] (str "/notes/" (:id (::note ctx))))
  :handle-created show)

(defn handler [request]
  (let [[_ id] (re-matches #"/notes/([^/]+)" (:uri request))]
    (cond
      id ((note id) request)
      (= "/notes" (:uri request)) (list-of-notes request)
      :else {:status 404 :body "Not found."})))

;; Listens on the port PORT, until it is ended.
(run-jetty handler {:host "127.0.0.1" :port (Long/parseLong (System/getenv "PORT")) :join? true})
